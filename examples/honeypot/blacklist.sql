CREATE TABLE baddies (
  id INTEGER PRIMARY KEY,
  ip_address INTEGER UNIQUE,
  hits INT,
  last_seen DATETIME,
  ua TEXT,
  country TEXT,
  city TEXT
);
