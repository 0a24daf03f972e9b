INSERT INTO dispatcher (setid, destination, flags, priority, attrs, description) VALUES (1, 'sip:127.0.30.8:5081', 0, 5, 'a=1', 'first');
INSERT INTO dispatcher (setid, destination, flags, priority, attrs, description) VALUES (1, 'sip:127.0.30.8:5082', 8, 5, '', '');
INSERT INTO dispatcher (setid, destination, flags, priority, attrs, description) VALUES (1, '127.0.0.1', 8, -5, 'weight=5;', 'xy');
INSERT INTO dispatcher (setid, destination, flags, priority, attrs, description) VALUES (2, 'sip:127.0.30.8:5083', 9, 5, '', 'z');
INSERT INTO dispatcher (setid, destination, flags, priority, attrs, description) VALUES (2, 'sip:127.0.30.8:5084', 2, 5, 'a=b', 'z');
INSERT INTO dispatcher (setid, destination, flags, priority, attrs, description) VALUES (3, 'sip:127.0.30.8:5085', 0, 0, '', '');
