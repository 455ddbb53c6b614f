-- What calls were answered with, where that is kept, and what a coverage was counted over.

CREATE TABLE call_answer (
  seq INTEGER PRIMARY KEY REFERENCES audit (seq),
  account BLOB NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
  -- What the answer was sealed for; it is sealed before its place in the audit is known.
  row_key BLOB NOT NULL,
  sealed BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX call_answer_by_account ON call_answer (account, seq);

-- Records looked at, and the definition their mappings came from.
ALTER TABLE coverage ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
ALTER TABLE coverage ADD COLUMN definition TEXT NOT NULL DEFAULT '';
