-- A confidence vote: how many were asked, how it ended, its one code, and what makes a second click harmless.
-- A CHECK cannot be changed in place, so the table is made anew with what it held.
CREATE TABLE confidence_vote_new (
  confidence_vote_id VARCHAR PRIMARY KEY,
  goal_id VARCHAR NOT NULL,
  asked_on DATE NOT NULL,
  state VARCHAR NOT NULL CHECK (state IN ('open', 'closed', 'cancelled')),
  floor INTEGER NOT NULL CHECK (floor >= 5),
  n_present INTEGER NOT NULL DEFAULT 0,
  closed_on DATE,
  result JSON NOT NULL DEFAULT '{}',
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

INSERT INTO confidence_vote_new
  (confidence_vote_id, goal_id, asked_on, state, floor, result, revision, archived_at)
SELECT confidence_vote_id, goal_id, asked_on, state, floor, result, revision, archived_at
FROM confidence_vote;

DROP TABLE confidence_vote;

ALTER TABLE confidence_vote_new RENAME TO confidence_vote;

-- One code for the whole room, hashed with the key outside this file.
CREATE TABLE confidence_code (
  code_hash VARCHAR PRIMARY KEY,
  confidence_vote_id VARCHAR NOT NULL
);

-- Forms that were handed in. Nothing joins them to an answer, and they go when the vote ends.
CREATE TABLE confidence_ticket (
  ticket_hash VARCHAR PRIMARY KEY,
  confidence_vote_id VARCHAR NOT NULL
);
