INSERT INTO secfilter (action, type, data) VALUES
 (0, 4, 'bad'), (1, 4, 'good'), (0, 2, 'bad.org'), (1, 2, 'good.org'), (0,0,'bad'), (1,0,'good'),(0,3,'127.0.30.7'),(1,3,'127.0.30.9'),(1,3,'127.0.30.5'), (0,3,'127.0.30'), (0,4,'white'),(1,4,'white'), (0,0,'Ünder'),(0,4,'b b'), (0,2,'[2001:db8'), (0,4,'bad2@x');
