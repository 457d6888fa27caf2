-- The groups of a school year, as an administration writes them out: how many pupils of a year group sit in a group.
-- Nobody is in it. `place` is where the line stood among the groups of its import.
CREATE TABLE roster_group (
  batch_id VARCHAR NOT NULL,
  place INTEGER NOT NULL,
  school_year VARCHAR NOT NULL,
  year_group VARCHAR NOT NULL,
  group_name VARCHAR NOT NULL,
  n_pupils INTEGER NOT NULL CHECK (n_pupils >= 0)
);
