-- Questionnaires that the school added itself. A version never changes: a changed text is the next version.
CREATE TABLE instrument (
  instrument_id VARCHAR PRIMARY KEY,
  key VARCHAR NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  title VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  added_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP,
  UNIQUE (key, version)
);

-- Which files with forms filled in elsewhere were read in: a keyed hash, so that none is counted twice.
CREATE TABLE filled_in_elsewhere (
  file_hash VARCHAR PRIMARY KEY,
  round_id VARCHAR NOT NULL
);
