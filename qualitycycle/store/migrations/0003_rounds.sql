-- Questionnaire rounds. A response holds no name, code, time or order; a code no response.
CREATE TABLE round (
  round_id VARCHAR PRIMARY KEY,
  cycle_id VARCHAR NOT NULL,
  instrument_key VARCHAR NOT NULL,
  instrument_version INTEGER NOT NULL,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  opened_on DATE NOT NULL,
  closes_on DATE,
  state VARCHAR NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  floor INTEGER NOT NULL CHECK (floor >= 5),
  promise JSON NOT NULL,
  closed_on DATE,
  result JSON NOT NULL DEFAULT '{}',
  result_version BIGINT,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE round_team (
  round_id VARCHAR NOT NULL,
  team_id VARCHAR NOT NULL,
  n_invited INTEGER NOT NULL CHECK (n_invited > 0),
  PRIMARY KEY (round_id, team_id)
);

-- Only a keyed hash of a code; spent or not, never when.
CREATE TABLE invite (
  code_hash VARCHAR PRIMARY KEY,
  round_id VARCHAR NOT NULL,
  team_id VARCHAR NOT NULL,
  spent BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE response (
  response_id VARCHAR NOT NULL,
  round_id VARCHAR NOT NULL,
  team_id VARCHAR NOT NULL
);

CREATE TABLE answer (
  response_id VARCHAR NOT NULL,
  item_key VARCHAR NOT NULL,
  value INTEGER NOT NULL
);
