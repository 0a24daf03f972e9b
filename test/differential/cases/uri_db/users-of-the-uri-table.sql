INSERT INTO subscriber (username, domain) VALUES ('alice', 'example.com'), ('bob', 'elsewhere.org');
INSERT INTO uri (username, domain, uri_user) VALUES ('alice', 'example.com', 'alice'), ('alice', 'example.com', 'boss'), ('bob', 'other.org', 'alice'), ('bob', 'x.org', 'bob');
