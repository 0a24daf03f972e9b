INSERT INTO dialplan (dpid,pr,match_op,match_exp,match_len,subst_exp,repl_exp,attrs) VALUES
(1,1,0,'eq$var(pat)',0,'','equal','$rU attr'),
(1,1,2,'fn$var(pat)*',0,'','fnmatch','$rU attr'),
(1,1,0,'esc',0,'esc','\q\r\x\','$rU attr'),
(1,1,1,'^8(.*)$',0,'^8(.*)$','\1','eight'),
(1,1,1,'^re$var(pat)$',0,'','re','eight'),
(1,1,1,'^end$',0,'^end$','ended$rm','end'),
(1,1,0,'sb4',0,'sb$var(pat)','sb','end'),
(1,1,0,'sc4',0,'(s)c$var(pat)','\1\2','end'),
(1,2,1,'^rx[0-9]$|^q$rm$',0,'','rx','end');
