INSERT INTO domain_attrs (did, name, type, value) VALUES ('a', 'b', 0, 'c');
