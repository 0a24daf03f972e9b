INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (1, '127.0.30.9', 32, 5070, 'me');
INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (1, '10.0.0.0', 8, 0, 'ten');
INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (3, '127.0.30.0', 24, 0, NULL);
INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (2, '10.1.0.0', 15, 0, 'ten1');
INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (2, '10.9.0.0', 15, 0, 'too many');
INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (4, 'host.example', 32, 0, 'named');
INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (5, '2001:db8::1', 0, 0, '');
