-- The thread: cycle, vision, ambition, goal, indicator, action. No foreign keys: `doctor` checks the links.
CREATE TABLE cycle (
  cycle_id VARCHAR PRIMARY KEY,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  first_on DATE NOT NULL,
  last_on DATE NOT NULL CHECK (last_on > first_on),
  state VARCHAR NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'closed')),
  phase VARCHAR NOT NULL CHECK (phase IN ('observe', 'understand', 'plan', 'do', 'evaluate')),
  follows_cycle_id VARCHAR,
  closed_on DATE,
  went_well VARCHAR NOT NULL DEFAULT '',
  learned VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE vision (
  vision_id VARCHAR PRIMARY KEY,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  text VARCHAR NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE ambition (
  ambition_id VARCHAR PRIMARY KEY,
  vision_id VARCHAR,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  text VARCHAR NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE goal (
  goal_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  ambition_id VARCHAR,
  team_id VARCHAR,
  owner_id VARCHAR,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  text VARCHAR NOT NULL DEFAULT '',
  due_on DATE,
  phase VARCHAR NOT NULL CHECK (phase IN ('observe', 'understand', 'plan', 'do', 'evaluate')),
  state VARCHAR NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  standards JSON NOT NULL DEFAULT '[]',
  over_limit_reason VARCHAR NOT NULL DEFAULT '',
  carried_from VARCHAR,
  position INTEGER NOT NULL DEFAULT 0,
  closed_on DATE,
  predicted VARCHAR NOT NULL DEFAULT '',
  happened VARCHAR NOT NULL DEFAULT '',
  judgement VARCHAR CHECK (judgement IN ('reached', 'partly', 'not_reached', 'cannot_tell')),
  learned VARCHAR NOT NULL DEFAULT '',
  next_step VARCHAR CHECK (next_step IN ('adopt', 'adapt', 'abandon')),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE indicator (
  indicator_id VARCHAR PRIMARY KEY,
  goal_id VARCHAR NOT NULL,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  kind VARCHAR NOT NULL CHECK (kind IN ('outcome', 'process', 'balancing')),
  unit VARCHAR NOT NULL DEFAULT '',
  direction VARCHAR NOT NULL CHECK (direction IN ('increase', 'decrease')),
  baseline DOUBLE,
  baseline_on DATE,
  target DOUBLE,
  due_on DATE,
  levels JSON NOT NULL DEFAULT '[]',
  series JSON NOT NULL DEFAULT '{}',
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE measurement (
  measurement_id VARCHAR PRIMARY KEY,
  indicator_id VARCHAR NOT NULL,
  measured_on DATE NOT NULL,
  value DOUBLE NOT NULL,
  n INTEGER CHECK (n > 0),
  note VARCHAR NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE phase_move (
  phase_move_id VARCHAR PRIMARY KEY,
  noun VARCHAR NOT NULL CHECK (noun IN ('goal', 'cycle')),
  noun_id VARCHAR NOT NULL,
  phase VARCHAR NOT NULL CHECK (phase IN ('observe', 'understand', 'plan', 'do', 'evaluate')),
  moved_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE action (
  action_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  goal_id VARCHAR,
  owner_id VARCHAR,
  helper_ids JSON NOT NULL DEFAULT '[]',
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  text VARCHAR NOT NULL DEFAULT '',
  start_on DATE,
  due_on DATE,
  state VARCHAR NOT NULL CHECK (state IN ('planned', 'running', 'done', 'stopped')),
  grounds VARCHAR NOT NULL DEFAULT '',
  prediction VARCHAR NOT NULL DEFAULT '',
  signal VARCHAR NOT NULL DEFAULT '',
  stopped_on DATE,
  done_as_planned VARCHAR CHECK (done_as_planned IN ('yes', 'partly', 'no')),
  learned VARCHAR NOT NULL DEFAULT '',
  next_step VARCHAR CHECK (next_step IN ('adopt', 'adapt', 'abandon')),
  evaluated_on DATE,
  carried_from VARCHAR,
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
