INSERT INTO uacreg (l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, auth_proxy, expires, flags, reg_delay, contact_addr, socket)
VALUES ('main', 'office', 'example.com', '0355501234', 'carrier.example', 'carrier.example', '0355501234', 'open sesame', '', 'sip:127.0.0.1:5090', 600, 0, 0, '', '');
