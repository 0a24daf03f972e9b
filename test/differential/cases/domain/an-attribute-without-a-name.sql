INSERT INTO domain_attrs (did, name, type, value) VALUES ('a', '', 2, 'c');
