INSERT INTO `uacreg` VALUES (NULL,'myusername','myusername','127.0.30.8','myusername','127.0.30.8','asterisk','myusername','mypassword','','sip:127.0.30.8:5080',60,0,0,'','');
