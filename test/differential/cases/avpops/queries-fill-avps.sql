INSERT INTO usr_preferences (uuid, attribute, type, value) VALUES ('a', 'k1', 0, 'v1'), ('a', 'k2', 1, '22'), ('a', 'k3', 2, 'v3'), ('b', 'kb', 0, 'vb'), ('gone', 'x', 0, 'y');
