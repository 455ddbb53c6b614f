-- Timestamps are integer microseconds, UTC. UUIDs are 16-byte blobs. Columns named `sealed…` and `body` hold bytes
-- sealed under the account's key; docs/security-columns.md says for every column what it holds and why.

CREATE TABLE workspace (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  uuid BLOB NOT NULL,
  vault_kind TEXT CHECK (vault_kind IN ('keyring', 'passphrase')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tenant (
  uuid BLOB PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  region TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE environment (
  uuid BLOB PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
  uuid BLOB PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  tenant BLOB NOT NULL REFERENCES tenant (uuid),
  environment BLOB REFERENCES environment (uuid),
  connector TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sandbox', 'production')),
  purpose TEXT NOT NULL CHECK (purpose IN ('read', 'write')),
  grant_type TEXT NOT NULL,
  client_id TEXT,
  config TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN (
    'awaiting_credentials', 'connecting', 'active', 'needs_reauth', 'validation_error', 'post_install_error')),
  status_since INTEGER NOT NULL,
  scopes_asked TEXT NOT NULL,
  scopes_granted TEXT,
  definition_digest TEXT NOT NULL,
  trust_digest TEXT,
  approved_hosts TEXT NOT NULL,
  approved_origins TEXT NOT NULL,
  budget_percent INTEGER CHECK (budget_percent BETWEEN 1 AND 100),
  -- NULL: the default of 30 days; 0: records are kept in memory only.
  retention_days INTEGER CHECK (retention_days >= 0),
  failed_runs INTEGER NOT NULL DEFAULT 0,
  last_error_code TEXT,
  last_error_message TEXT,
  last_error_at INTEGER,
  last_forbidden_scope TEXT,
  last_forbidden_resource TEXT,
  last_forbidden_at INTEGER,
  last_success_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_by_tenant ON account (tenant);
CREATE INDEX account_by_environment ON account (environment) WHERE environment IS NOT NULL;

CREATE TABLE credential (
  account BLOB NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
  part TEXT NOT NULL,
  -- `next` is a secret that is being rotated in; it becomes `current` once the provider has taken it.
  state TEXT NOT NULL CHECK (state IN ('next', 'current')),
  -- NULL: the secret is short and stands in the account's vault entry.
  sealed BLOB,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, part, state)
) STRICT;

CREATE TABLE token (
  account BLOB PRIMARY KEY REFERENCES account (uuid) ON DELETE CASCADE,
  -- Access token, refresh token and the values that came with them.
  sealed BLOB NOT NULL,
  obtained_at INTEGER NOT NULL,
  usable_at INTEGER NOT NULL,
  expires_at INTEGER,
  renew_at INTEGER,
  scopes TEXT,
  refresh_obtained_at INTEGER,
  refresh_expires_at INTEGER,
  refresh_renew_at INTEGER,
  refresh_started INTEGER
) STRICT;

CREATE TABLE selection (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  tree TEXT NOT NULL
) STRICT;

CREATE TABLE resource (
  id INTEGER PRIMARY KEY,
  account BLOB NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
  name TEXT NOT NULL,
  watermark INTEGER,
  last_full_run_at INTEGER,
  UNIQUE (account, name)
) STRICT;

CREATE TABLE root_key (
  resource INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (resource, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE,
  resource INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
  mode TEXT NOT NULL CHECK (mode IN ('test', 'full', 'incremental', 'unexported')),
  trigger TEXT NOT NULL CHECK (trigger IN ('manual', 'schedule')),
  selection INTEGER NOT NULL REFERENCES selection (id),
  definition_digest TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'paused', 'failed', 'cancelled')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  resumed INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  vanished INTEGER NOT NULL DEFAULT 0,
  requests INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0,
  rate_limited INTEGER NOT NULL DEFAULT 0,
  active_micros INTEGER NOT NULL DEFAULT 0,
  watermark_start INTEGER,
  checkpoint TEXT,
  error_code TEXT,
  error_message TEXT,
  error_hint TEXT
) STRICT;
CREATE INDEX run_by_resource ON run (resource, id);

CREATE TABLE run_error (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  cause TEXT NOT NULL,
  message TEXT NOT NULL,
  hint TEXT,
  count INTEGER NOT NULL,
  native_id TEXT,
  sealed_example BLOB,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE (run, cause, message)
) STRICT;

CREATE TABLE run_log (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  message TEXT NOT NULL
) STRICT;
CREATE INDEX run_log_by_run ON run_log (run, id);

-- first_run, last_run and body_run are run.id without a foreign key: checking three for each record of a sync costs
-- more than it guards, since runs go only with their account, whose records go first.
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  resource INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
  native_id ANY NOT NULL CHECK (typeof(native_id) IN ('integer', 'text')),
  watermark INTEGER,
  selection INTEGER REFERENCES selection (id),
  size INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL,
  first_run INTEGER NOT NULL,
  last_run INTEGER,
  body_run INTEGER NOT NULL,
  deleted_at INTEGER,
  purged_at INTEGER,
  body BLOB,
  UNIQUE (resource, native_id),
  CHECK ((body IS NULL) = (purged_at IS NOT NULL))
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  machine TEXT NOT NULL,
  app_version TEXT NOT NULL,
  tenant TEXT,
  account TEXT,
  run BLOB,
  resource TEXT,
  method TEXT,
  endpoint TEXT,
  status INTEGER,
  records INTEGER,
  duration INTEGER,
  bytes INTEGER,
  detail TEXT,
  previous BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_account ON audit (account, seq) WHERE account IS NOT NULL;
CREATE INDEX audit_by_run ON audit (run, seq) WHERE run IS NOT NULL;
CREATE TRIGGER audit_is_never_updated BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;

CREATE TABLE alert (
  uuid BLOB PRIMARY KEY,
  account BLOB REFERENCES account (uuid) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('upcoming', 'active', 'acknowledged', 'resolved')),
  due_at INTEGER NOT NULL,
  message TEXT NOT NULL,
  hint TEXT,
  created_at INTEGER NOT NULL,
  raised_at INTEGER,
  notified_at INTEGER,
  acknowledged_at INTEGER,
  snoozed_until INTEGER,
  resolved_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (account, kind) WHERE state <> 'resolved';
CREATE INDEX alert_by_due ON alert (due_at) WHERE state <> 'resolved';

CREATE TABLE mapping_override (
  id INTEGER PRIMARY KEY,
  level TEXT NOT NULL CHECK (level IN ('environment', 'account')),
  scope BLOB NOT NULL,
  -- What the expression maps: a unified field of a response, or a unified filter of a request.
  side TEXT NOT NULL CHECK (side IN ('response', 'request')),
  model TEXT NOT NULL,
  resource TEXT NOT NULL DEFAULT '',
  field TEXT NOT NULL,
  version INTEGER NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('set', 'remove', 'inherit')),
  expression TEXT,
  definition_digest TEXT,
  restored_version INTEGER,
  note TEXT,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (level, scope, side, model, resource, field, version),
  CHECK ((action = 'set') = (expression IS NOT NULL))
) STRICT;
CREATE TRIGGER mapping_override_is_never_overwritten BEFORE UPDATE ON mapping_override
BEGIN SELECT RAISE(ABORT, 'a version of an override is never changed'); END;

CREATE TABLE setting (
  level TEXT NOT NULL CHECK (level IN ('workspace', 'tenant', 'environment', 'account')),
  scope BLOB NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (level, scope, name)
) STRICT, WITHOUT ROWID;
