-- Start periods that were frozen and moments from which counting starts again: acts of a person, with a reason.
CREATE TABLE baseline (
  baseline_id VARCHAR PRIMARY KEY,
  indicator_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL CHECK (kind IN ('freeze', 'rebase')),
  applies_on DATE NOT NULL,
  reason VARCHAR NOT NULL CHECK (trim(reason) <> ''),
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
