INSERT INTO location (ruid, username, contact, expires, q, callid, cseq, last_modified, flags, cflags, user_agent) VALUES
('uloc-1-1', 'alice', 'sip:1@a', julianday('now','+999 seconds'), 0.5, 'k1', 7, julianday('now'), 0, 0, 'old phone');
