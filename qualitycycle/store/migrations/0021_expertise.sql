-- What colleagues offer and want to learn, in their own words; a theme from the school's own list with the words by
-- which it is found in goals and actions.
CREATE TABLE expertise_theme (
  expertise_theme_id VARCHAR PRIMARY KEY,
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  words JSON NOT NULL DEFAULT '[]',
  position INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

CREATE TABLE expertise (
  expertise_id VARCHAR PRIMARY KEY,
  person_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL CHECK (kind IN ('offer', 'question')),
  title VARCHAR NOT NULL CHECK (trim(title) <> ''),
  note VARCHAR NOT NULL DEFAULT '',
  theme_id VARCHAR,
  added_on DATE NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMP
);

-- An offer asked for, or held out to, an action, a goal or a colleague's question. `decider_id` says yes or no; none:
-- whoever may edit the thread. A no stays between the two, so none of this stands in the record of changes.
CREATE TABLE expertise_request (
  expertise_request_id VARCHAR PRIMARY KEY,
  expertise_id VARCHAR NOT NULL,
  noun VARCHAR NOT NULL CHECK (noun IN ('action', 'goal', 'expertise')),
  noun_id VARCHAR NOT NULL,
  asker_id VARCHAR NOT NULL,
  decider_id VARCHAR,
  message VARCHAR NOT NULL DEFAULT '',
  state VARCHAR NOT NULL CHECK (state IN ('open', 'agreed', 'declined', 'ended')),
  asked_on DATE NOT NULL,
  answered_on DATE
);

-- How the contributions of a closed cycle were spread over the team, drawn once: classes only, no numbers of people.
CREATE TABLE everyones_part (
  cycle_id VARCHAR PRIMARY KEY,
  drawn_on DATE NOT NULL,
  shapes JSON NOT NULL
);
