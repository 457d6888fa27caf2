-- The school, its teams and people, its years and holidays, and the record of every change.
CREATE TABLE school (
  school_id VARCHAR PRIMARY KEY,
  name VARCHAR NOT NULL CHECK (trim(name) <> ''),
  sector VARCHAR NOT NULL CHECK (sector IN ('po', 'vo', 'so')),
  brin VARCHAR NOT NULL DEFAULT '',
  region VARCHAR NOT NULL CHECK (region IN ('noord', 'midden', 'zuid', 'own')),
  language VARCHAR NOT NULL DEFAULT 'nl' CHECK (language IN ('nl', 'en')),
  phase_labels JSON NOT NULL DEFAULT '{}',
  is_demo BOOLEAN NOT NULL DEFAULT false,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE team (
  team_id VARCHAR PRIMARY KEY,
  name VARCHAR NOT NULL CHECK (trim(name) <> ''),
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE person (
  person_id VARCHAR PRIMARY KEY,
  name VARCHAR NOT NULL CHECK (trim(name) <> ''),
  title VARCHAR NOT NULL DEFAULT '',
  role VARCHAR NOT NULL CHECK (role IN ('leader', 'coach', 'member', 'reader')),
  team_ids JSON NOT NULL DEFAULT '[]',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE school_year (
  school_year_id VARCHAR PRIMARY KEY,
  first_on DATE NOT NULL,
  last_on DATE NOT NULL CHECK (last_on > first_on),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE holiday (
  holiday_id VARCHAR PRIMARY KEY,
  name VARCHAR NOT NULL,
  first_on DATE NOT NULL,
  last_on DATE NOT NULL CHECK (last_on >= first_on),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- Never updated. Answers to questionnaires are not recorded here: a time beside an answer would betray it.
CREATE TABLE audit (
  audit_id VARCHAR PRIMARY KEY,
  data_version BIGINT NOT NULL,
  changed_at TIMESTAMP NOT NULL,
  person_id VARCHAR,
  role VARCHAR NOT NULL,
  verb VARCHAR NOT NULL,
  noun VARCHAR NOT NULL,
  noun_id VARCHAR NOT NULL,
  before JSON,
  after JSON
);

-- One row: how many times the store has been written.
CREATE TABLE data_version (version BIGINT NOT NULL);
INSERT INTO data_version VALUES (0);
