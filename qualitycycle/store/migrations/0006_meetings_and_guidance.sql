-- The weekly meeting, the team's confidence, and the support team: the remaining nouns of the design.
CREATE TABLE meeting (
  meeting_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  held_on DATE NOT NULL,
  minutes_taken INTEGER,
  present_ids JSON NOT NULL DEFAULT '[]',
  notes VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE decision (
  decision_id VARCHAR PRIMARY KEY,
  meeting_id VARCHAR NOT NULL,
  goal_id VARCHAR,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  reason VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE success (
  success_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  noun VARCHAR CHECK (noun IN ('goal', 'action')),
  noun_id VARCHAR,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  happened_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE obstacle (
  obstacle_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  goal_id VARCHAR,
  owner_id VARCHAR,
  kind VARCHAR NOT NULL,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  raised_on DATE NOT NULL,
  solved_on DATE,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE confidence_vote (
  confidence_vote_id VARCHAR PRIMARY KEY,
  goal_id VARCHAR NOT NULL,
  asked_on DATE NOT NULL,
  state VARCHAR NOT NULL CHECK (state IN ('open', 'closed')),
  floor INTEGER NOT NULL CHECK (floor >= 5),
  result JSON NOT NULL DEFAULT '{}',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE confidence_answer (
  confidence_vote_id VARCHAR NOT NULL,
  answer_id VARCHAR NOT NULL,
  value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 100)
);

-- The content is written encrypted by its owner's key; the columns beside it carry totals only.
CREATE TABLE coaching_conversation (
  coaching_conversation_id VARCHAR PRIMARY KEY,
  owner_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  held_on DATE NOT NULL,
  minutes_taken INTEGER NOT NULL CHECK (minutes_taken > 0),
  sealed BLOB NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE task (
  task_id VARCHAR PRIMARY KEY,
  area VARCHAR NOT NULL CHECK (area IN ('policy', 'coaching', 'access', 'culture')),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  done_on DATE,
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
