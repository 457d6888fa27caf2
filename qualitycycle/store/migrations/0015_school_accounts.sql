-- The account at the school's own identity provider with which a colleague may sign in. Hashes with the school's
-- key: the address itself is nowhere. `subject_hash` is what the provider calls that account, kept at its first use.
CREATE TABLE school_account (
  person_id VARCHAR PRIMARY KEY,
  address_hash VARCHAR NOT NULL,
  subject_hash VARCHAR
);
