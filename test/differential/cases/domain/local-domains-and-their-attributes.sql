INSERT INTO domain (domain, did) VALUES ('example.com', 'first'), ('Third.Example.com', NULL), ('other.org', 'First'), ('sub.other.org', 'second'), ('10.0.0.1', '');
UPDATE domain SET did = 'ten' WHERE did = '';
INSERT INTO domain_attrs (did, name, type, value) VALUES ('first', 'limit', 0, '42'), ('first', 'name', 2, 'one'), ('FIRST', 'name', 2, 'two'),
 ('second', 'limit', 0, '-7'), ('second', 'name', 2, ''), ('third.example.com', 'more', 2, 'x'), ('unused', 'a', 0, '');
