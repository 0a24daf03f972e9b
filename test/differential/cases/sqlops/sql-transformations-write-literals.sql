CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT, name TEXT);
INSERT INTO contacts (source, name) VALUES ('200', 'Nick Deskphone'), ('201', 'Meeting room'), ('202', NULL);
