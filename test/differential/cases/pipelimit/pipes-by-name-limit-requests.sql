INSERT INTO pl_pipes (pipeid,algorithm,plimit) VALUES ('one','TAILDROP',1),('two','RED',5),('feed','FEEDBACK',80),('zero','NOP',0);
