INSERT INTO domain (domain, did) VALUES ('example.com', 'one'), ('example.net', 'one'), ('example.org', NULL);
INSERT INTO domain_attrs (did, name, type, value) VALUES ('one', 'limit', 1, '5'), ('one', 'text', 2, 'abc');
