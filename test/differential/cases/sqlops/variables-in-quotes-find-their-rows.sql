CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT, name TEXT);
INSERT INTO contacts (source, name) VALUES ('200', 'Nick Deskphone'), ('201', 'Meeting room'), ('202', NULL);
INSERT INTO contacts (source, name) VALUES ('sip:200@example.com', 'uri'), ('a b', 'blank'), ('Zoë', 'utf-8'), ('<null>', 'no value'), ('50%', 'percent');
