CREATE TABLE baddies (id INTEGER PRIMARY KEY, ip_address TEXT UNIQUE, hits INT, ua TEXT, country TEXT, city TEXT);
