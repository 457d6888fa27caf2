-- An internal coach's log: one sealed piece per owner, so that not even the number of conversations, their days or
-- their minutes can be read. It takes the place of a table to which no version of the program has ever written.
DROP TABLE coaching_conversation;

CREATE TABLE coaching_log (
  owner_id VARCHAR PRIMARY KEY,
  sealed BLOB NOT NULL
);

-- The key of that piece, locked twice: with what follows from the owner's passphrase, and from the recovery key.
CREATE TABLE coaching_key (
  owner_id VARCHAR PRIMARY KEY,
  passphrase_salt BLOB NOT NULL,
  passphrase_locked BLOB NOT NULL,
  recovery_salt BLOB NOT NULL,
  recovery_locked BLOB NOT NULL
);

-- What an owner shares of her log: totals of a whole month. Taken back, the rows are gone.
CREATE TABLE coaching_total (
  owner_id VARCHAR NOT NULL,
  what VARCHAR NOT NULL CHECK (what IN ('conversations', 'time')),
  month DATE NOT NULL,
  kind VARCHAR NOT NULL,
  minutes INTEGER NOT NULL,
  planned_minutes INTEGER,
  n INTEGER NOT NULL,
  PRIMARY KEY (owner_id, what, month, kind)
);

-- A learning question of a colleague or a team on its way through the five phases. What stands here is what the two
-- agreed to write down together; the coach's own notes are in the sealed log.
CREATE TABLE guidance_trajectory (
  guidance_trajectory_id VARCHAR PRIMARY KEY,
  owner_id VARCHAR NOT NULL,
  colleague_id VARCHAR,
  team_id VARCHAR,
  goal_id VARCHAR,
  question VARCHAR NOT NULL CHECK (trim(question) <> ''),
  serves VARCHAR NOT NULL DEFAULT '',
  phase VARCHAR NOT NULL,
  moves JSON NOT NULL DEFAULT '{}',
  together JSON NOT NULL DEFAULT '{}',
  started_on DATE NOT NULL,
  closed_on DATE,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP,
  CHECK (colleague_id IS NULL OR team_id IS NULL)
);

-- The calendar of a school year: HGW rounds and the group reviews that close them.
CREATE TABLE group_review (
  group_review_id VARCHAR PRIMARY KEY,
  kind VARCHAR NOT NULL CHECK (kind IN ('round', 'review')),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  team_id VARCHAR,
  planned_on DATE NOT NULL,
  done_on DATE,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
