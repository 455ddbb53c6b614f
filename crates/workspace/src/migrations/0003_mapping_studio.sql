-- What authoring mappings needs: fields a user adds to a model, key-to-value tables, pinned results, and the shape of
-- the records that runs met.

-- What a field is that the model does not have, as a model would say it (JSON).
ALTER TABLE mapping_override ADD COLUMN added_type TEXT;

-- A version holds only what it changes: the table is what all its versions say together, the latest of a key winning.
CREATE TABLE table_version (
  id INTEGER PRIMARY KEY,
  level TEXT NOT NULL CHECK (level IN ('environment', 'account')),
  scope BLOB NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  restored_version INTEGER,
  note TEXT,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- JSON {key: value or null}. An account's stands sealed, since it may come from records; an environment has no key,
  -- so that what its users typed stands in clear.
  sealed_changes BLOB,
  changes TEXT,
  UNIQUE (level, scope, name, version),
  CHECK ((level = 'account') = (sealed_changes IS NOT NULL)),
  CHECK ((level = 'environment') = (changes IS NOT NULL))
) STRICT;
CREATE TRIGGER table_version_is_never_overwritten BEFORE UPDATE ON table_version
BEGIN SELECT RAISE(ABORT, 'a version of a table is never changed'); END;
CREATE TRIGGER table_version_goes_with_its_account AFTER DELETE ON account
BEGIN DELETE FROM table_version WHERE level = 'account' AND scope = OLD.uuid; END;

CREATE TABLE pin (
  id INTEGER PRIMARY KEY,
  account BLOB NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
  model TEXT NOT NULL,
  resource TEXT NOT NULL,
  native_id TEXT NOT NULL,
  -- A masked copy of the record, what it was fetched with, and what the mapping made of it.
  sealed BLOB NOT NULL,
  note TEXT,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (account, model, resource, native_id)
) STRICT;

CREATE TABLE schema_seen (
  id INTEGER PRIMARY KEY,
  resource INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
  run BLOB NOT NULL,
  records INTEGER NOT NULL,
  -- Paths, types, how often each was filled, and the words of fields that hold only a few.
  sealed BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX schema_seen_by_resource ON schema_seen (resource, id);
