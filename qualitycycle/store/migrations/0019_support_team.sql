-- The support team: its sub-tasks, who has which part in them, and in which period they were done. These tables take
-- the place of two to which no version of the program has ever written.
DROP TABLE task_role;
DROP TABLE task;

CREATE TABLE task (
  task_id VARCHAR PRIMARY KEY,
  area VARCHAR NOT NULL CHECK (area IN ('policy', 'coaching', 'access', 'culture')),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  note VARCHAR NOT NULL DEFAULT '',
  outside VARCHAR NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE task_role (
  task_role_id VARCHAR PRIMARY KEY,
  task_id VARCHAR NOT NULL,
  person_id VARCHAR NOT NULL,
  part VARCHAR NOT NULL CHECK (part IN ('responsible', 'does', 'asked', 'told')),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE task_done (
  task_done_id VARCHAR PRIMARY KEY,
  task_id VARCHAR NOT NULL,
  cycle_id VARCHAR NOT NULL,
  done_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- Who is in the team: a colleague, or by name somebody from outside the school; the role is free text.
CREATE TABLE support_member (
  support_member_id VARCHAR PRIMARY KEY,
  person_id VARCHAR,
  name VARCHAR NOT NULL DEFAULT '',
  role VARCHAR NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP,
  CHECK ((person_id IS NULL) <> (trim(name) = ''))
);

-- Why the team is composed as it is.
CREATE TABLE team_reason (
  team_reason_id VARCHAR PRIMARY KEY,
  kind VARCHAR NOT NULL CHECK (kind IN ('budget', 'size', 'population', 'aim', 'other')),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  noted_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- Agreements and processes of basic and extra support.
CREATE TABLE support_agreement (
  support_agreement_id VARCHAR PRIMARY KEY,
  level VARCHAR NOT NULL CHECK (level IN ('basic', 'extra')),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  text VARCHAR NOT NULL DEFAULT '',
  owner_id VARCHAR,
  review_on DATE,
  reviewed_on DATE,
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
