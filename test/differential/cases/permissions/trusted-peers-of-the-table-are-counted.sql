INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES ('127.0.30.9', 'any', '^sip:al\{0,1\}ice@', NULL, 'alice', 5);
INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES ('127.0.30.9', 'UDP', NULL, '^sip:+4', 'plus', 9);
INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES ('127.0.30.9', 'tcp', NULL, NULL, 'tcp', 1);
INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES ('127.0.30.9', 'none', NULL, NULL, 'none', 0);
INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES ('127.0.30.7', 'sctp', NULL, NULL, NULL, 0);
INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES ('10.0.0.1', 'wss', 'sip:\(a\|b\)@x$', NULL, 'wss', 0);
