INSERT INTO speed_dial (username, domain, sd_username, sd_domain, new_uri) VALUES ('alice', 'example.com', '1', 'example.com', 'sip:one@a.org'),
 ('alice', 'example.com', '2', 'example.com', 'two@a.org'), ('alice', 'other.org', '1', 'other.org', 'sips:other@a.org'), ('bob', 'example.com', '1', 'example.com', 'sip:bobs@a.org;x=y'),
 ('alice', 'example.com', '3', 'other.org', 'sip');
