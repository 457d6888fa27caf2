-- Who may come in. Apart from `person`, so that a hash never travels along with the list of people.
-- `word_hash` is a word that a school leader handed out once; it works until `word_until`.
CREATE TABLE sign_in (
  person_id VARCHAR PRIMARY KEY,
  hash VARCHAR,
  word_hash VARCHAR,
  word_until TIMESTAMP
);

-- A browser that is signed in. It holds no moment of signing in and none of what was done since: when a
-- colleague works is nobody's business.
CREATE TABLE session (
  token_hash VARCHAR PRIMARY KEY,
  person_id VARCHAR NOT NULL,
  ends_at TIMESTAMP NOT NULL
);

-- Which year groups a team teaches: a team member sees the pupil outcomes of these and of the school.
ALTER TABLE team ADD COLUMN year_groups JSON DEFAULT '[]';
