CREATE TABLE villains (id INTEGER PRIMARY KEY, what VARCHAR(64), kind INT, does INT);
INSERT INTO version (table_name, table_version) VALUES ('villains', 1);
INSERT INTO secfilter (action, type, data) VALUES (0, 0, 'agent');
INSERT INTO villains (does, kind, what) VALUES (0, 0, 'bad'), (1, 3, '127.0.30.8'), (0, 2, 'example.com'), (0, 4, 'callee'), (2, 0, '1bob');
