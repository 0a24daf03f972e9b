INSERT INTO uacreg (l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, auth_proxy, expires, flags, reg_delay, contact_addr, socket) VALUES
 ('six', 'local', '[2001:db8::7]', 'remote', '[::1]:6080', '', 'auth', 'secret', '', 'sip:[::1]:6080', 60, 0, 0, '', 'udp:[::1]:6060'),
 ('other', 'local', 'x', 'remote', '[::1]:6080', '', 'auth', 'secret', '', 'sip:[::1]:6080', 60, 0, 0, '[::1]', '');
