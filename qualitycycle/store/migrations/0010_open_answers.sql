-- What came in while a round or a vote is open: all of it in one piece, shuffled, and sealed with a key that lies
-- outside this file and is replaced at each answer. `asked_id` is the round's or the vote's.
CREATE TABLE open_answers (
  asked_id VARCHAR PRIMARY KEY,
  sealed BLOB NOT NULL
);
