INSERT INTO domain (domain, did) VALUES ('x', '');
