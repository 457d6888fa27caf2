-- Evidence and what it says about goals and actions.
CREATE TABLE evidence (
  evidence_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL CHECK (
    kind IN ('questionnaire', 'outcome', 'observation', 'product', 'conversation', 'research')
  ),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  text VARCHAR NOT NULL DEFAULT '',
  source VARCHAR NOT NULL DEFAULT '',
  evidence_on DATE NOT NULL,
  added_on DATE NOT NULL,
  owner_id VARCHAR,
  n INTEGER,
  valid_until DATE,
  reviewed_on DATE,
  data_version BIGINT,
  data_ref JSON NOT NULL DEFAULT '{}',
  figure JSON NOT NULL DEFAULT '{}',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE link (
  link_id VARCHAR PRIMARY KEY,
  evidence_id VARCHAR NOT NULL,
  noun VARCHAR NOT NULL CHECK (noun IN ('goal', 'action')),
  noun_id VARCHAR NOT NULL,
  says VARCHAR NOT NULL CHECK (says IN ('contradicts', 'supports', 'nothing_yet')),
  note VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
