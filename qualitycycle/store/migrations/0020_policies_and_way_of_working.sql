-- The register of policies, each with its versions and the evidence it rests on.
CREATE TABLE policy (
  policy_id VARCHAR PRIMARY KEY,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  writer_id VARCHAR,
  decides VARCHAR NOT NULL DEFAULT '',
  review_on DATE,
  reviewed_on DATE,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE policy_version (
  policy_version_id VARCHAR PRIMARY KEY,
  policy_id VARCHAR NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  text VARCHAR NOT NULL CHECK (trim(text) <> ''),
  changed VARCHAR NOT NULL DEFAULT '',
  applies_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE policy_evidence (
  policy_evidence_id VARCHAR PRIMARY KEY,
  policy_id VARCHAR NOT NULL,
  evidence_id VARCHAR NOT NULL,
  says VARCHAR NOT NULL CHECK (says IN ('contradicts', 'supports', 'nothing_yet')),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- How guidance works here: one agreement of the team, in versions.
CREATE TABLE way_version (
  way_version_id VARCHAR PRIMARY KEY,
  number INTEGER NOT NULL CHECK (number > 0),
  text VARCHAR NOT NULL CHECK (trim(text) <> ''),
  changed VARCHAR NOT NULL DEFAULT '',
  state VARCHAR NOT NULL CHECK (state IN ('draft', 'discussed', 'agreed')),
  written_on DATE NOT NULL,
  discussed_since DATE,
  agreed_on DATE,
  meeting_id VARCHAR,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE way_remark (
  way_remark_id VARCHAR PRIMARY KEY,
  way_version_id VARCHAR NOT NULL,
  person_id VARCHAR NOT NULL,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  said_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- What a meeting did with what waits of support, policy and the calendar; `title`
-- is what it was called on that day, `before` how it was.
CREATE TABLE meeting_point (
  meeting_point_id VARCHAR PRIMARY KEY,
  meeting_id VARCHAR NOT NULL,
  about VARCHAR NOT NULL,
  about_id VARCHAR NOT NULL,
  title VARCHAR NOT NULL DEFAULT '',
  did VARCHAR NOT NULL CHECK (did IN ('named', 'dated', 'agreed', 'held')),
  person_id VARCHAR,
  due_on DATE,
  before JSON NOT NULL DEFAULT '{}',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
