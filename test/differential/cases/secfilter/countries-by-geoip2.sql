INSERT INTO secfilter (action, type, data) VALUES (0, 1, 'de'), (1, 1, 'AU'), (0, 1, 'A'), (0, 1, 'b');
