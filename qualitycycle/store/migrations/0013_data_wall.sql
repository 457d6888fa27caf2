-- The pictures of outcomes that hang on the data wall. `view` is the question; the wall shows its newest answer.
CREATE TABLE wall_picture (
  wall_picture_id VARCHAR PRIMARY KEY,
  view JSON NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  added_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);
