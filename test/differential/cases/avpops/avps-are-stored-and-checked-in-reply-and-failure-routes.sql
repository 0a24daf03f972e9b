INSERT INTO usr_preferences (username, domain, attribute, type, value) VALUES ('bob', 'example.com', 'fwd', 0, 'sip:carol@example.net');
