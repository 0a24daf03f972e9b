INSERT INTO secfilter (action, type, data) VALUES
 (0,0,'a00'),(0,4,''),(1,2,'q');
