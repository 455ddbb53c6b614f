-- What people know about a customer, what they ticked off, and what the window remembers.

ALTER TABLE tenant ADD COLUMN contacts TEXT NOT NULL DEFAULT '';
ALTER TABLE tenant ADD COLUMN notes TEXT NOT NULL DEFAULT '';

-- A step of the onboarding that the workspace cannot see for itself.
CREATE TABLE onboarding_mark (
  tenant BLOB NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
  step TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant, step)
) STRICT, WITHOUT ROWID;

-- How many of an account's mapped fields were filled when that was last counted.
CREATE TABLE coverage (
  account BLOB PRIMARY KEY REFERENCES account (uuid) ON DELETE CASCADE,
  filled INTEGER NOT NULL,
  of INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE window_state (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  state TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
