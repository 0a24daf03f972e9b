INSERT INTO location (ruid, username, domain, contact, received, path, expires, q, callid, cseq, last_modified, flags, cflags, user_agent, socket, methods, instance, reg_id, server_id, connection_id, keepalive) VALUES
('uloc-1-1', 'alice', 'example.com', 'sip:1@a', NULL, NULL, julianday('now','+999 seconds'), 0.5, 'k1', 7, julianday('now','-100 seconds'), 0, 64, 'old phone', 'udp:127.0.30.1:5060', 5, NULL, 0, 0, -1, 1),
('uloc-1-2', 'alice', 'example.com', 'sip:2@a', 'sip:127.0.30.7:1', '<sip:p@127.0.30.8;lr>', julianday('now','+999 seconds'), 1.0, 'k2', 8, julianday('now'), 0, 0, '', 'udp:9.9.9.9:5060', NULL, '<urn:uuid:1>', 2, 7, 12, 0),
('uloc-1-3', 'bob', 'example.com', 'sip:3@b', NULL, NULL, julianday('now','-10 seconds'), -1, 'k3', 1, julianday('now'), 0, 0, 'x', NULL, NULL, NULL, 0, 0, -1, 0),
('uloc-1-4', 'carol', 'example.com', 'sip:4@c', NULL, NULL, julianday('now','+499 seconds'), -1, 'k4', 1, julianday('now'), 0, 0, 'x', 'tcp:127.0.30.1:5060', NULL, NULL, 0, 0, 5, 0),
('uloc-1-5', '', 'example.com', 'sip:5@c', NULL, NULL, julianday('now','+499 seconds'), -1, 'k4', 1, julianday('now'), 0, 0, 'x', NULL, NULL, NULL, 0, 0, 5, 0),
('uloc-1-6', 'dave', 'example.com', '', NULL, NULL, julianday('now','+499 seconds'), -1, 'k4', 1, julianday('now'), 0, 0, 'x', NULL, NULL, NULL, 0, 0, 5, 0);
INSERT INTO location_attrs (ruid, username, domain, aname, atype, avalue, last_modified) VALUES
('uloc-1-1', 'alice', 'example.com', 'color', 0, 'red', julianday('now')),
('uloc-1-1', 'alice', 'example.com', 'size', 1, '42', julianday('now')),
('uloc-9-9', 'alice', 'example.com', 'size', 1, '42', julianday('now'));
