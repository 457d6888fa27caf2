-- A request for help from outside: which help, on which theme, when it was asked and when it came. Never for whom.
CREATE TABLE help_request (
  help_request_id VARCHAR PRIMARY KEY,
  about VARCHAR NOT NULL CHECK (trim(about) <> ''),
  kind VARCHAR NOT NULL,
  theme VARCHAR NOT NULL,
  asked_on DATE NOT NULL,
  came_on DATE,
  withdrawn_on DATE,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP,
  CHECK (came_on IS NULL OR withdrawn_on IS NULL)
);

-- The theme that an internal coach gives a learning question she guides; without one it counts nowhere.
CREATE TABLE learning_theme (
  guidance_trajectory_id VARCHAR PRIMARY KEY,
  theme VARCHAR NOT NULL
);

-- The figures of a half-year as they were put down, with the cases behind them by a sign that only this file can make.
CREATE TABLE network_version (
  school_year VARCHAR NOT NULL,
  half INTEGER NOT NULL CHECK (half IN (1, 2)),
  number INTEGER NOT NULL,
  made_on DATE NOT NULL,
  content JSON NOT NULL,
  PRIMARY KEY (school_year, half, number)
);

-- What of those figures goes to the network, under which name, and what is asked there.
CREATE TABLE network_given (
  school_year VARCHAR NOT NULL,
  half INTEGER NOT NULL CHECK (half IN (1, 2)),
  label VARCHAR NOT NULL,
  pupils VARCHAR,
  parts JSON NOT NULL,
  asks JSON NOT NULL,
  PRIMARY KEY (school_year, half)
);

-- Files of other schools, to read beside the own one.
CREATE TABLE network_received (
  network_received_id VARCHAR PRIMARY KEY,
  label VARCHAR NOT NULL,
  school_year VARCHAR NOT NULL,
  half INTEGER NOT NULL,
  version INTEGER NOT NULL,
  content VARCHAR NOT NULL,
  received_on DATE NOT NULL,
  UNIQUE (label, school_year, half)
);
