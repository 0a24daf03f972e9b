INSERT INTO uacreg (l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, auth_proxy, expires, flags, reg_delay, contact_addr, socket) VALUES
 ('alice', 'local-alice', 'example.com', 'remote-alice', 'carrier.example', 'carrier.example', 'auth-alice', 'secret', '', 'sip:127.0.30.8:5080', 2000, 0, 0, '', '');
