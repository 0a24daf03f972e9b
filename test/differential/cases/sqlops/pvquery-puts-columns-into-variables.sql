CREATE TABLE t (id INT, name TEXT, big BIGINT, r REAL, uri TEXT);
INSERT INTO t VALUES (1, 'one', 5000000000, 1.5, 'sip:x@example.org'), (2, NULL, 2, NULL, NULL), (3, 'three', NULL, 2, NULL);
