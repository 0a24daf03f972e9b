INSERT INTO usr_preferences (uuid, username, domain, attribute, type, value) VALUES
 ('', 'bob', 'example.com', 'colour', 0, 'black'), ('', 'bob', 'example.net', 'colour', 0, 'grey'), ('', 'bob', 'example.com', 'limit', 1, '56'),
 ('', 'x', 'example.com', 'limit', 1, '57'), ('', '', 'example.net', 'limit', 1, '58');
CREATE TABLE other_preferences AS SELECT * FROM usr_preferences WHERE 0;
