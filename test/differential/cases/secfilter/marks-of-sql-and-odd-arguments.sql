INSERT INTO secfilter (action, type, data) VALUES
 (0, 2, '1.1.1.1'), (0, 0, 'friendly-scanner'), (0, 0, 'pplsip'), (0, 0, 'sipcli'), (0, 4, 'sipvicious'), (0, 1, 'ps'), (0, 3, '5.56.57.58'),
 (1, 0, 'asterisk pbx'), (1, 2, 'sip.mydomain.com'), (2, 0, '555123123'), (2, 0, '555998776'), (2, 1, '777'), (1, 4, 'goodman'), (1, 1, 'es'), (0, 2, 'bad.example'),
 (0, 3, '127.0.30.7');
