INSERT INTO grp (username, domain, grp) VALUES ('alice', 'example.com', 'pstn'), ('bob', 'other.org', 'pstn'), ('carol', 'other.org', 'voip'), ('alice', 'x', '$avp(uri)');
INSERT INTO re_grp (reg_exp, group_id) VALUES ('^sip:alice@', 10), ('@other\.org$', 20), ('^sip:[a-c]', 30), ('example', 40), ('^sip:.*@10\.', 50);
