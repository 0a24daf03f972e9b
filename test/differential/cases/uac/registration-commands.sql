INSERT INTO uacreg (l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, auth_proxy, expires, flags, reg_delay, contact_addr, socket) VALUES
 ('alice', 'local-alice', 'example.com', 'remote-alice', 'carrier.example', 'carrier.example', 'auth-alice', 'secret', '', 'sip:127.0.30.8:5080', 2000, 0, 0, '', ''),
 ('bob', 'local-bob', 'example.com', 'remote-bob', '127.0.30.6:5080', '', 'auth-bob', '', '0123456789ABCDEF0123456789abcdef', 'sip:127.0.30.6:5080', 3000, 0, 0, '192.0.2.1:5099', 'udp:127.0.30.1:5060'),
 ('off', 'local-off', 'example.com', 'remote-off', 'carrier.example', 'r', 'auth-off', 'secret', '', 'sip:127.0.30.8:5080', 2000, 1, 0, '', ''),
 ('late', 'local-late', 'example.com', 'remote-late', 'carrier.example', 'r', 'auth-late', 'secret', '', 'sip:127.0.30.8:5080', 2000, 0, 3600, '', ''),
 ('never', 'local-never', 'example.com', 'remote-never', 'carrier.example', 'r', 'auth-never', 'secret', '', 'sip:127.0.30.8:5080', 0, 0, 0, '', ''),
 ('nopass', 'local-nopass', 'example.com', 'remote', 'carrier.example', 'r', 'auth', '', '', 'sip:127.0.30.8:5080', 2000, 0, 0, '', ''),
 ('badha1', 'local-badha1', 'example.com', 'remote', 'carrier.example', 'r', 'auth', '', '0123', 'sip:127.0.30.8:5080', 2000, 0, 0, '', ''),
 ('badchar', 'local-badchar', 'example.com', 'remote', 'carrier.example', 'r', 'auth', '', '0123456789ABCDEF0123456789abcdeX', 'sip:127.0.30.8:5080', 2000, 0, 0, '', ''),
 ('noproxy', 'local-noproxy', 'example.com', 'remote', 'carrier.example', 'r', 'auth', 'x', '', '', 2000, 0, 0, '', ''),
 ('nouser', 'local-nouser', 'example.com', 'remote', 'carrier.example', 'r', '', 'x', '', 'sip:127.0.30.8:5080', 2000, 0, 0, '', '');
