INSERT INTO dialplan (dpid,pr,match_op,match_exp,match_len,subst_exp,repl_exp,attrs) VALUES
(1,1,1,'^one(.)',0,'^one(.)','$var(prefix)\1$rm','$rU attr'),
(1,1,1,'^two',0,'two','$avp(nosuch)x','two'),
(1,2,1,'^dyn$var(pat)',0,'','','dynamic'),
(1,3,0,'esc',0,'e(s)c','a\nb\tc\\d\$e\1','e'),
(1,4,0,'plain',0,'plain','no groups $$ here','p'),
(1,5,1,'^dynsub',0,'sub($var(pat))','<\1>','ds'),
(1,6,0,'br',0,'br','sip:new@127.0.30.8:5080','b'),
(1,6,0,'br2',0,'br2','newuser','b'),
(1,6,0,'nouser',0,'nouser','notauri','n'),
(1,7,1,'^sip:pre(.*)@',0,'^sip:pre(.*)@.*$','user\1','uri'),
(1,8,1,'^1',0,'^1(.*)','sip:2\1@127.0.30.8','x');
