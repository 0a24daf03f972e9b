INSERT INTO rtpengine (setid, url, weight, disabled) VALUES
  (0, 'udp:127.0.0.1:2223', 1, 0),
  (2, 'udp:127.0.0.2:2223', 1, 0),
  (6, 'udp:127.0.0.6:2223', 1, 0);
