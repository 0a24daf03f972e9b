-- Kamailio's db_sqlite writes NULL for a tag that is not there, which its own table refuses.
DROP TABLE sip_trace;
CREATE TABLE sip_trace (id INTEGER PRIMARY KEY, time_stamp TIMESTAMP, time_us INTEGER, callid TEXT, traced_user TEXT, msg TEXT,
  method TEXT, status TEXT, fromip TEXT, toip TEXT, fromtag TEXT, totag TEXT, direction TEXT);
