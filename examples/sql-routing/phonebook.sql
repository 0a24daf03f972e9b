CREATE TABLE contacts (id INTEGER PRIMARY KEY, source TEXT, name TEXT);
INSERT INTO contacts VALUES (1, '200', 'Nick Deskphone');
