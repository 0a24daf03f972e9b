INSERT INTO dbaliases (alias_username, alias_domain, username, domain) VALUES ('100', 'example.com', 'alice', 'example.com'),
 ('100', 'other.org', 'bob', 'other.org'), ('200', 'example.com', 'carol', 'example.com'), ('201', 'example.com', 'carol', 'example.com'),
 ('group', 'example.com', 'alice', 'example.com'), ('group', 'example.com', 'bob', 'other.org'), ('group', 'example.com', 'carol', 'example.com'),
 ('empty', 'example.com', '', '');
