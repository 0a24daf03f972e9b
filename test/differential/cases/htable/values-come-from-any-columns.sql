CREATE TABLE other (id INTEGER PRIMARY KEY, k VARCHAR(64), a VARCHAR(64), b INTEGER, c DOUBLE, d VARCHAR(10));
INSERT INTO other (k,a,b,c,d) VALUES ('k1','one',1,1.5,'x'),('k2',NULL,NULL,NULL,NULL),('k3','',-5,2,''),('k4','a,b',7,0.333333333,'a''b'),('k1','second',2,3,'y');
INSERT INTO htable (key_name,key_type,value_type,key_value,expires) VALUES ('k1',0,0,'v1',0),('k2',0,1,'5',100),('k3',0,0,'far',2000000000),('arr',1,0,'x',2000000000),('arr',1,0,'y',0);
