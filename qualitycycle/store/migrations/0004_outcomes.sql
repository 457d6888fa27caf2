-- Pupil outcomes: imported batches, rows as they were read, rows that were refused, remembered mappings.
CREATE TABLE profile (
  profile_id VARCHAR PRIMARY KEY,
  name VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  mapping JSON NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE batch (
  batch_id VARCHAR PRIMARY KEY,
  kind VARCHAR NOT NULL,
  file_name VARCHAR NOT NULL,
  content_hash VARCHAR NOT NULL,
  imported_at TIMESTAMP NOT NULL,
  data_version BIGINT NOT NULL,
  n_accepted INTEGER NOT NULL,
  n_refused INTEGER NOT NULL,
  dropped_columns JSON NOT NULL DEFAULT '[]',
  state VARCHAR NOT NULL DEFAULT 'current' CHECK (state IN ('current', 'undone')),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- `pupil` is a keyed pseudonym, NULL for a figure over many pupils (`n_pupils`).
CREATE TABLE outcome (
  batch_id VARCHAR NOT NULL,
  line INTEGER NOT NULL,
  pupil VARCHAR,
  school_year VARCHAR NOT NULL,
  moment VARCHAR,
  measured_on DATE,
  year_group VARCHAR,
  group_name VARCHAR,
  subject VARCHAR NOT NULL,
  test_maker VARCHAR,
  test VARCHAR,
  edition VARCHAR,
  scale VARCHAR,
  score_kind VARCHAR NOT NULL,
  value DOUBLE,
  level_name VARCHAR,
  status VARCHAR NOT NULL CHECK (status IN ('value', 'lt5', 'masked', 'empty', 'not_taken')),
  n_pupils INTEGER
);

-- What others publish beside the school's own figures, such as the Inspectie's threshold.
CREATE TABLE reference_value (
  batch_id VARCHAR NOT NULL,
  school_year VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  value DOUBLE,
  label VARCHAR NOT NULL DEFAULT ''
);

-- Kept until someone has dealt with it. `row` holds mapped columns only, the pupil as pseudonym.
CREATE TABLE refused_row (
  refused_row_id VARCHAR PRIMARY KEY,
  batch_id VARCHAR NOT NULL,
  line INTEGER NOT NULL,
  column_name VARCHAR NOT NULL,
  value VARCHAR NOT NULL DEFAULT '',
  reason VARCHAR NOT NULL,
  hint VARCHAR NOT NULL DEFAULT '',
  cells JSON NOT NULL DEFAULT '{}',
  dealt_with BOOLEAN NOT NULL DEFAULT false
);
