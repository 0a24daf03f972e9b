INSERT INTO subscriber (username, domain, password, ha1, ha1b) VALUES
  ('alice', 'example.com', 'secret', 'b1726872c344b6dc8365b774f8fd6412', 'c79656e4f06dbae9fdf6727654273c65'),
  ('bob', 'example.com', 'more', '8259870d0211412f9d3a647c2345bdd6', '99f792151efff661196d41b9839093a0'),
  ('alice', 'other.org', 'elsewhere', '017e200573e77295329021b33d43022d', 'f48049109737760f272f30394ffed9d2'),
  ('carol', 'example.com', '', '', ''),
  ('it''s', 'example.com', 'quoted', 'e57a51be98e900f688d8a70b019dd2b7', '');
