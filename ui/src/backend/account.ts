/** What the account screens are told: explore and compare, sync and calls, mapping, tables, credentials. */
export interface ErrorView {
  code: string;
  message: string;
  hint?: string | null;
  at?: string | null;
}

export interface RunView {
  run: string;
  account: string;
  resource: string;
  mode: string;
  status: string;
  fetched: number;
  stored: number;
  duplicates: number;
  errors: number;
  requests: number;
  retries: number;
  rate_limited: number;
  duration_ms: number;
  requests_per_second: number;
  started_at: string;
  ended_at: string | null;
  error: ErrorView | null;
}

export interface ErrorGroup {
  cause: string;
  message: string;
  hint: string | null;
  count: number;
  records: string[];
}

export interface LogLine {
  at: string;
  severity: string;
  message: string;
}

export interface RunDetail extends RunView {
  error_groups: ErrorGroup[];
  log: LogLine[];
}

export interface ResourceFilter {
  field: string;
  operators: string[];
  kind: string;
}

export interface ResourceRow {
  key: string;
  label: string;
  models: string[];
  model: string | null;
  stored: number;
  last_run: RunView | null;
  scope: string | null;
  granted: boolean | null;
  filters: ResourceFilter[];
}

export interface ProjectionRow {
  id: string;
  cells: (string | null)[];
  masked: boolean[];
}

export interface ProjectionPage {
  indexed: number;
  total: number;
  matching: number;
  /** Nothing more comes: all is indexed, or it stopped. */
  complete: boolean;
  /** Why not all records are in it, where that is so. */
  stopped: string | null;
  rows: ProjectionRow[];
}

export interface ProjectionQuery {
  offset: number;
  limit: number;
  sort: { column: string; descending: boolean } | null;
  filter: string;
}

export interface ColumnView {
  path: string;
  filled: number;
  of: number;
  suggested: boolean;
}

export interface RecordPlace {
  previous: string | null;
  next: string | null;
  position: number;
  total: number;
}

export interface RawRow {
  path: string;
  key: string;
  depth: number;
  kind: string;
  preview: string;
  count: number | null;
  read: boolean;
  custom: boolean;
  masked: boolean;
  expandable: boolean;
  expanded: boolean;
}

export interface RawPage {
  total: number;
  bytes: number;
  fetched_at: string;
  expanded: string[];
  located: { index: number; path: string } | null;
  rows: RawRow[];
}

export interface RawQuery {
  offset: number;
  limit: number;
  expanded: string[] | null;
  locate: string | null;
}

export interface Position {
  line: number;
  column: number;
}

export interface ComparedField {
  field: string;
  value: string | null;
  cut: boolean;
  status: string;
  level: string | null;
  expression: string | null;
  reads: string[];
  message: string | null;
  position: Position | null;
  masked: boolean;
}

export interface Compared {
  id: string;
  model: string;
  resource: string;
  fields: ComparedField[];
  unread: number;
  unread_custom: number;
  version: string | null;
}

export interface FieldTotal {
  field: string;
  filled: number;
  of: number;
  failing: number;
  not_fetched: number;
}

export interface ProviderFilter {
  field: string;
  operator: string;
  value: string;
}

export interface SyncOptions {
  mode: string;
  pages: number | null;
  budget: number | null;
  fields: string | null;
  restart: boolean;
  mark_exported: boolean;
  confirm: string | null;
}

export interface RunProgress {
  run: string;
  account: string;
  resource: string;
  status: string;
  fetched: number;
  stored: number;
  duplicates: number;
  errors: number;
  pages: number;
  requests: number;
  retries: number;
  rate_limited: number;
  requests_per_second: number;
  budget_per_second: number | null;
  eta_seconds: number | null;
}

export interface CallRow {
  seq: number;
  at: string;
  method: string;
  endpoint: string;
  status: number | null;
  duration_ms: number | null;
  bytes: number | null;
  records: number | null;
  run: string | null;
  error: string | null;
  account: string | null;
  resource: string | null;
}

export interface CallPage {
  total: number;
  rows: CallRow[];
}

export interface CallDetail {
  row: CallRow;
  request_headers: Record<string, string>;
  request_body: string | null;
  response_headers: Record<string, string>;
  response: string | null;
  /** Why there is no body, or not all of it. */
  response_note: string | null;
  response_bytes: number;
  curl: string;
  replayable: boolean;
}

export interface LevelEntry {
  level: string;
  expression: string | null;
  version: string | null;
  at: string | null;
  actor: string | null;
  note: string | null;
}

export interface MappingRow {
  field: string;
  label: string;
  type: string;
  enum_values: string[];
  required: boolean;
  custom: boolean;
  added: boolean;
  expression: string | null;
  level: string | null;
  version: string | null;
  changed_at: string | null;
  changed_by: string | null;
  levels: LevelEntry[];
  reads: string[];
  problem: string | null;
}

export interface MappingTable {
  model: string;
  label: string;
  resource: string;
  resources: string[];
  fields: MappingRow[];
}

/** A field's expression that is tried out; null takes the field away. */
export interface Draft {
  account: string;
  model: string;
  resource: string | null;
  field: string;
  expression: string | null;
  level: string;
  field_type: string | null;
}

/** Which override: a field of a model at a level. */
export interface Which {
  level: string;
  scope: string;
  model: string;
  resource: string | null;
  field: string;
}

export interface DraftResult {
  value: string | null;
  status: string;
  message: string | null;
  position: Position | null;
  reads: string[];
  before: string | null;
  before_status: string | null;
  changed: boolean;
  wins: boolean;
  masked: boolean;
  ms: number;
}

export interface FieldImpact {
  model: string;
  resource: string;
  field: string;
  changed: number;
  errors: number;
  newly_failing: number;
  newly_filled: number;
  newly_empty: number;
}

export interface ImpactExample {
  id: string;
  resource: string;
  field: string;
  kind: string;
  before: unknown;
  after: unknown;
  status: string;
  message: string | null;
}

export interface BrokenPin {
  id: string;
  model: string;
  resource: string;
  field: string;
  expected: unknown;
  actual: unknown;
  message: string | null;
}

export interface PinCheck {
  checked: number;
  broken: BrokenPin[];
}

export interface PinView {
  account: string;
  model: string;
  resource: string;
  id: string;
  note: string | null;
  actor: string;
  at: string;
}

export interface Impact {
  records: number;
  changed: number;
  errors: number;
  not_fetched: number;
  newly_failing: number;
  newly_filled: number;
  newly_empty: number;
  fields: FieldImpact[];
  examples: ImpactExample[];
  pins: PinCheck;
  elapsed_ms: number;
}

/** How many of the stored records an impact has gone through. */
export interface ImpactProgress {
  done: number;
  total: number;
}

export interface OverrideVersion {
  version: number;
  level: string;
  scope: string;
  model: string;
  resource: string | null;
  field: string;
  action: string;
  expression: string | null;
  type: string | null;
  before: string | null;
  after: string | null;
  restored_version: number | null;
  note: string | null;
  actor: string;
  at: string;
  warnings?: string[];
}

export interface Completions {
  paths: {
    path: string;
    expression: string;
    example: string | null;
    masked: boolean;
    custom: boolean;
    filled: number;
    of: number;
    read: boolean;
  }[];
  functions: { name: string; signature: string; help: string; added: boolean }[];
  enums: { field: string; values: string[] }[];
  tables: string[];
}

export interface ExpressionLint {
  code: string;
  severity: string;
  message: string;
  hint: string;
  position: Position | null;
  fix: { title: string; expression: string } | null;
}

export interface TableView {
  name: string;
  level: string;
  scope: string;
  entries: number;
  version: number;
  at: string;
  actor: string;
  note: string | null;
}

export interface TableRows {
  total: number;
  matching: number;
  version: number | null;
  rows: { key: string; value: string }[];
}

export interface TableChange {
  key: string;
  value: string | null;
}

export interface TableVersion {
  version: number;
  name: string;
  level: string;
  scope: string;
  entries: number;
  added: number;
  changed: number;
  removed: number;
  restored_version: number | null;
  note: string | null;
  actor: string | null;
  at: string | null;
  dry_run: boolean;
}

export interface UnmappedKey {
  table: string;
  key: string;
  records: number;
}

export interface BundleChange {
  level: string;
  scope: string;
  model: string;
  resource: string | null;
  field: string;
  before: string | null;
  after: string | null;
}

export interface ScopeImpact {
  account: string;
  tenant: string;
  kind: string;
  records: number;
  changed: number;
  newly_failing: number;
  error: string | null;
}

/** What an import, a copy or a promotion changes, or would change. */
export interface ChangeReport {
  dry_run: boolean;
  written_for: string | null;
  present: string | null;
  changes: BundleChange[];
  tables: { level: string; scope: string; table: string; added: number; changed: number; removed: number }[];
  unfit: { model: string; field: string; reason: string }[];
  accounts: ScopeImpact[];
  versions: number;
}

export interface Choice {
  model: string | null;
  field: string | null;
  tables: boolean;
}

/** Which table: its name at a level. */
export interface WhichTable {
  level: string;
  scope: string;
  name: string;
}

export interface RowQuery {
  offset: number;
  limit: number;
  filter: string;
}

/** Commands of the account screens the generated bindings do not have yet. */
export interface PendingAccount {
  resources(account: string): Promise<ResourceRow[]>;
  openProjection(account: string, resource: string, columns: string[]): Promise<{ projection: string }>;
  projectionPage(projection: string, query: ProjectionQuery): Promise<ProjectionPage>;
  closeProjection(projection: string): Promise<null>;
  columns(account: string, resource: string): Promise<ColumnView[]>;
  recordIds(
    account: string,
    resource: string,
    around: {
      failing_field: string | null;
      after: string | null;
      before: string | null;
      model?: string | null;
    },
  ): Promise<RecordPlace>;
  rawPage(account: string, resource: string, id: string, query: RawQuery): Promise<RawPage>;
  rawValue(account: string, resource: string, id: string, path: string, reveal: boolean): Promise<string>;
  compareRecord(account: string, resource: string, id: string, model: string): Promise<Compared>;
  queryProvider(
    account: string,
    resource: string,
    filters: ProviderFilter[],
  ): Promise<{ records: number; ids: string[] }>;
  fetchMissing(account: string, resource: string, id: string): Promise<Compared>;
  fieldTotals(account: string, model: string, resource: string): Promise<FieldTotal[]>;

  startSync(account: string, resource: string, options: SyncOptions): Promise<string>;
  pauseSync(run: string): Promise<null>;
  cancelSync(run: string): Promise<null>;
  runs(filter: { account: string | null; resource: string | null; limit: number }): Promise<RunView[]>;
  run(id: string): Promise<RunDetail>;
  runCalls(run: string, offset: number, limit: number): Promise<CallPage>;
  calls(
    account: string | null,
    query: { text: string; offset: number; limit: number },
  ): Promise<CallPage>;
  call(seq: number): Promise<CallDetail>;
  replayCall(seq: number): Promise<CallDetail>;

  mappingTable(account: string, model: string, resource: string | null): Promise<MappingTable>;
  mappingCoverage(account: string, model: string, resource: string | null): Promise<FieldTotal[]>;
  evaluateDraft(draft: Draft, record: string | null, sample: string | null): Promise<DraftResult>;
  startImpact(id: string, draft: Draft, onProgress: (progress: ImpactProgress) => void): Promise<Impact>;
  cancelImpact(id: string): Promise<null>;
  saveOverride(
    which: Which,
    expression: string | null,
    fieldType: string | null,
    note: string | null,
    force: boolean,
  ): Promise<OverrideVersion>;
  unsetOverride(which: Which, note: string | null, force: boolean): Promise<OverrideVersion>;
  overrideHistory(which: Which): Promise<OverrideVersion[]>;
  /** Without a version: undoes the last change. */
  restoreOverride(
    which: Which,
    version: number | null,
    note: string | null,
    force: boolean,
  ): Promise<OverrideVersion>;
  pinRecord(
    account: string,
    model: string,
    resource: string | null,
    id: string,
    note: string | null,
  ): Promise<PinView>;
  unpinRecord(account: string, model: string, resource: string | null, id: string): Promise<PinView>;
  pins(account: string, model: string | null): Promise<PinView[]>;
  checkPins(account: string, model: string | null): Promise<PinCheck>;
  completions(account: string, model: string, resource: string | null): Promise<Completions>;
  lintExpression(
    account: string,
    model: string,
    resource: string | null,
    field: string,
    expression: string,
  ): Promise<ExpressionLint[]>;
  exportBundle(level: string, scope: string): Promise<string>;
  importBundle(
    level: string,
    scope: string,
    text: string,
    dryRun: boolean,
    partial: boolean,
    note: string | null,
  ): Promise<ChangeReport>;
  exportJsonata(account: string, model: string, resource: string | null): Promise<string>;
  copyOverrides(
    account: string,
    to: string[],
    choice: Choice,
    dryRun: boolean,
    note: string | null,
  ): Promise<ChangeReport>;
  promoteOverrides(account: string, choice: Choice, dryRun: boolean, note: string | null): Promise<ChangeReport>;
  promoteToTwin(account: string, choice: Choice, dryRun: boolean, note: string | null): Promise<ChangeReport>;
  twin(account: string): Promise<string>;

  tables(account: string): Promise<TableView[]>;
  tableRows(which: WhichTable, rows: RowQuery): Promise<TableRows>;
  saveTable(which: WhichTable, changes: TableChange[], note: string | null): Promise<TableVersion>;
  tableHistory(which: WhichTable): Promise<TableVersion[]>;
  restoreTable(which: WhichTable, version: number, note: string | null): Promise<TableVersion>;
  importTable(
    which: WhichTable,
    csv: string,
    replace: boolean,
    dryRun: boolean,
    note: string | null,
  ): Promise<TableVersion>;
  exportTable(which: WhichTable): Promise<string>;
  unmappedKeys(account: string, table: string | null): Promise<UnmappedKey[]>;
}
