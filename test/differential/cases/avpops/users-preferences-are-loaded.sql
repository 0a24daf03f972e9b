INSERT INTO usr_preferences (uuid, username, domain, attribute, type, value) VALUES
 ('', 'alice', 'example.com', 'colour', 0, 'red'), ('', 'alice', 'example.com', 'colour', 0, 'green'), ('', 'alice', 'example.net', 'colour', 0, 'blue'),
 ('', 'alice', 'example.com', '7', 2, 'seven'), ('', 'alice', 'example.com', '7', 3, '77'), ('', 'alice', 'example.com', 'mixed', 1, '12'),
 ('', 'alice', 'example.com', 'mixed', 0, 'twelve'),
 ('', 'bob', 'example.com', 'colour', 0, 'black'), ('', '', 'example.com', 'limit', 1, '55'), ('', 'bob', 'example.com', 'limit', 1, '56'),
 ('u-1', '', '', 'shade', 0, 'dark'), ('u-1', '', '', 'shade', 1, '3'), ('u-1', '', '', 'shade', 1, 'x3'),
 ('u-2', '', '', 'one', 0, 'first'), ('u-2', '', '', 'two', 1, '2'), ('u-2', '', '', '3', 2, 'third'), ('u-2', '', '', '3', 3, '33'),
 ('', 'carol', 'example.net', 'carol', 0, 'here');
CREATE TABLE other_preferences AS SELECT * FROM usr_preferences WHERE 0;
INSERT INTO other_preferences (uuid, username, domain, attribute, type, value) VALUES ('u-2', '', '', 'one', 0, 'elsewhere'), ('u-1', '', '', 'other', 0, 'o');
INSERT INTO subscriber (username, domain, password, ha1, ha1b) VALUES ('alice', 'example.com', 'p', 'h', 'hb'), ('bob', 'example.com', 'p', 'h', 'hb');
