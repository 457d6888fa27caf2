-- A meeting as it is held: who was there, who did what, its blocks and its agenda, and what was put down in it.
-- A CHECK cannot be added in place, so the table is made anew with what it held.
CREATE TABLE meeting_new (
  meeting_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  team_id VARCHAR,
  held_on DATE NOT NULL,
  state VARCHAR NOT NULL CHECK (state IN ('running', 'closed')),
  present_ids JSON NOT NULL DEFAULT '[]',
  roles JSON NOT NULL DEFAULT '{}',
  blocks JSON NOT NULL DEFAULT '[]',
  agenda JSON NOT NULL DEFAULT '{}',
  entries JSON NOT NULL DEFAULT '[]',
  check_in JSON NOT NULL DEFAULT '{}',
  rating JSON NOT NULL DEFAULT '{}',
  after JSON NOT NULL DEFAULT '{}',
  notes VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

INSERT INTO meeting_new (meeting_id, cycle_id, held_on, state, present_ids, notes, revision, archived_at)
SELECT meeting_id, cycle_id, held_on, 'closed', present_ids, notes, revision, archived_at
FROM meeting;

DROP TABLE meeting;

ALTER TABLE meeting_new RENAME TO meeting;

-- How far a running meeting is. Written every few seconds, so it is no change of the school's data.
CREATE TABLE meeting_clock (
  meeting_id VARCHAR PRIMARY KEY,
  place INTEGER NOT NULL,
  seconds JSON NOT NULL,
  beat_at TIMESTAMP NOT NULL
);

-- What a meeting did with an action, and how the action was before, so that it can be undone.
CREATE TABLE meeting_action (
  meeting_action_id VARCHAR PRIMARY KEY,
  meeting_id VARCHAR NOT NULL,
  action_id VARCHAR NOT NULL,
  turn VARCHAR NOT NULL CHECK (turn IN ('made', 'kept', 'carried', 'dropped')),
  reason VARCHAR,
  due_on DATE,
  was_due_on DATE,
  was_state VARCHAR NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- What the team says of a goal in a meeting.
CREATE TABLE goal_check (
  goal_check_id VARCHAR PRIMARY KEY,
  goal_id VARCHAR NOT NULL,
  meeting_id VARCHAR NOT NULL,
  says VARCHAR NOT NULL CHECK (says IN ('on_course', 'attention', 'stuck')),
  said_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- What the room expected before it saw a new figure; without a value: nobody wanted to say. Never changed.
CREATE TABLE figure_prediction (
  figure_prediction_id VARCHAR PRIMARY KEY,
  meeting_id VARCHAR NOT NULL,
  indicator_id VARCHAR NOT NULL,
  value DOUBLE,
  made_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE parked (
  parked_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  meeting_id VARCHAR NOT NULL,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  settled_on DATE,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

ALTER TABLE decision ADD COLUMN present_ids JSON DEFAULT '[]';
ALTER TABLE success ADD COLUMN meeting_id VARCHAR;
ALTER TABLE obstacle ADD COLUMN meeting_id VARCHAR;
ALTER TABLE school ADD COLUMN meeting_blocks JSON DEFAULT '[]';
