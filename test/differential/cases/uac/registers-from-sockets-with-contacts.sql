INSERT INTO uacreg (l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, auth_proxy, expires, flags, reg_delay, contact_addr, socket) VALUES
 ('a', 'l', 'd', 'r', 'carrier.example:5099', '', 'a', 'p', '', 'sip:127.0.30.8:5080;transport=udp;lr', 61, 0, 0, '192.0.2.1:5099;transport=tcp', ''),
 ('b.b+c', 'l', 'd', 'r%20x', 'carrier.example;transport=udp', '', 'a', 'p', '', 'sip:user@127.0.30.8:5080', 62, 0, 0, 'h', 'udp:127.0.30.1:5060'),
 ('c', 'l', 'd', 'changed', '[2001:db8::1]', '', 'a', 'p', '', 'sip:127.0.30.8:5080', 63, 0, 0, '', 'udp:192.0.2.7:5060'),
 ('d', 'l', 'd', 'dropped', 'carrier.example', '', 'a', 'p', '', 'sip:127.0.30.8:5080', 64, 0, 0, '', 'nonsense'),
 ('e', 'l', 'd', 'e', 'carrier.example', '', 'a', 'p', '', 'sip:127.0.30.5:5060;transport=tcp', 65, 0, 0, '', ''),
 ('f', 'l', 'd', 'f', 'carrier.example', '', 'a', 'p', '', 'nonsense', 66, 0, 0, '', '');
