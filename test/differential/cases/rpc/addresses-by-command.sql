INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES (1, '127.0.30.9', 32, 0, 'one'), (2, '10.0.0.0', 8, 5060, NULL);
