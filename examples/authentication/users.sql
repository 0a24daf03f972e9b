-- Kamailio's own tables (its scripts in /usr/share/kamailio/db_sqlite make all of them), and three users.
CREATE TABLE version (table_name VARCHAR(32) PRIMARY KEY NOT NULL, table_version INTEGER DEFAULT 0 NOT NULL);
INSERT INTO version (table_name, table_version) VALUES ('subscriber', 7), ('dbaliases', 1);

CREATE TABLE subscriber (
  id INTEGER PRIMARY KEY NOT NULL,
  username VARCHAR(64) DEFAULT '' NOT NULL,
  domain VARCHAR(64) DEFAULT '' NOT NULL,
  password VARCHAR(64) DEFAULT '' NOT NULL,
  ha1 VARCHAR(128) DEFAULT '' NOT NULL,
  ha1b VARCHAR(128) DEFAULT '' NOT NULL,
  email_address VARCHAR(128) DEFAULT NULL,
  CONSTRAINT subscriber_account_idx UNIQUE (username, domain)
);
CREATE TABLE dbaliases (
  id INTEGER PRIMARY KEY NOT NULL,
  alias_username VARCHAR(64) DEFAULT '' NOT NULL,
  alias_domain VARCHAR(64) DEFAULT '' NOT NULL,
  username VARCHAR(64) DEFAULT '' NOT NULL,
  domain VARCHAR(64) DEFAULT '' NOT NULL
);

-- ha1 is MD5 of user:domain:password, ha1b of user@domain:domain:password. No password is stored.
INSERT INTO subscriber (username, domain, ha1, ha1b, email_address) VALUES
  ('alice', 'example.com', '93dfce8dfebfae8af4a726982429d23a', '5f3b4d392d62686136b6dcfbeec41c21', 'alice@example.com'),
  ('bob', 'example.com', '37593d991414f52c30246c60c7798431', '5a64958a04645588519018e6e2b478e2', 'bob@example.com'),
  ('alice', 'example.org', '6195f652c13eb6c367bff7329a061966', '6c1953db496e441ee82963d874453f2f', NULL);
INSERT INTO dbaliases (alias_username, alias_domain, username, domain) VALUES ('100', 'example.com', 'bob', 'example.com');
