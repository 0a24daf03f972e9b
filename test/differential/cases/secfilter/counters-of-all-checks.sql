INSERT INTO secfilter (action, type, data) VALUES
 (0, 0, 'bad'), (1, 0, 'good'), (0, 1, 'b'), (1, 1, 'g'), (0, 2, 'bad.'), (1, 2, 'good.'), (0, 3, '127.0.30.7'), (1, 3, '127.0.30.9'), (0, 4, 'bad'), (1, 4, 'good'), (2, 0, '900');
