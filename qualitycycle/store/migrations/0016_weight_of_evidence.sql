-- What was written down before an action started, its sessions, and the small test it builds on.
ALTER TABLE action ADD COLUMN led_by VARCHAR DEFAULT '';
ALTER TABLE action ADD COLUMN for_whom VARCHAR DEFAULT '';
ALTER TABLE action ADD COLUMN expected_on DATE;
ALTER TABLE action ADD COLUMN change_mind VARCHAR DEFAULT '';
ALTER TABLE action ADD COLUMN locked_on DATE;
ALTER TABLE action ADD COLUMN sessions_planned INTEGER;
ALTER TABLE action ADD COLUMN sessions_held INTEGER;
ALTER TABLE action ADD COLUMN follows_action_id VARCHAR;

-- What is known about the evidence for an action and cannot be read from the evidence itself; one per action.
CREATE TABLE weighing (
  weighing_id VARCHAR PRIMARY KEY,
  action_id VARCHAR NOT NULL,
  ground_kind VARCHAR NOT NULL CHECK (
    ground_kind IN ('none', 'reasoning', 'correlational', 'comparison', 'trial')
  ),
  ground_source VARCHAR NOT NULL DEFAULT '',
  ground_read_on DATE,
  ground_population VARCHAR NOT NULL DEFAULT '',
  compared VARCHAR NOT NULL CHECK (compared IN ('nobody', 'expected_growth', 'group', 'staggered')),
  similar_start BOOLEAN,
  repeated_in VARCHAR NOT NULL DEFAULT '',
  measure_kind VARCHAR CHECK (measure_kind IN ('standard_test', 'rubric', 'own')),
  reliability DOUBLE CHECK (reliability BETWEEN 0 AND 1),
  n_measured INTEGER CHECK (n_measured >= 0),
  n_missing INTEGER CHECK (n_missing >= 0),
  same_pupils BOOLEAN,
  by_others BOOLEAN,
  blind BOOLEAN,
  chosen_low BOOLEAN,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- A later thought, beside what was locked.
CREATE TABLE later_note (
  later_note_id VARCHAR PRIMARY KEY,
  action_id VARCHAR NOT NULL,
  text VARCHAR NOT NULL CHECK (trim(text) <> ''),
  noted_on DATE NOT NULL,
  person_id VARCHAR,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- A verdict by people instead of by the rules; `derived` is what the rules said on that day.
CREATE TABLE overruling (
  overruling_id VARCHAR PRIMARY KEY,
  action_id VARCHAR NOT NULL,
  derived VARCHAR NOT NULL,
  verdict VARCHAR NOT NULL CHECK (
    verdict IN ('contradicted', 'not_tested', 'ordinary', 'indication', 'supported', 'strong')
  ),
  note VARCHAR NOT NULL CHECK (trim(note) <> ''),
  said_on DATE NOT NULL,
  person_id VARCHAR,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- A file with evidence. The file itself lies beside the database, under its hash.
CREATE TABLE attachment (
  attachment_id VARCHAR PRIMARY KEY,
  evidence_id VARCHAR NOT NULL,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  file_kind VARCHAR NOT NULL,
  n_bytes BIGINT NOT NULL CHECK (n_bytes > 0),
  content_hash VARCHAR NOT NULL,
  added_on DATE NOT NULL,
  person_id VARCHAR,
  erased_on DATE,
  erased_why VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
