/** What the account screens are told: explore and compare, sync and calls, mapping, tables, credentials. */
import type { Fault } from "./bindings";

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
  response_bytes: number;
  curl: string;
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
  filled: number;
  of: number;
  failing: number;
  not_fetched: number;
  problem: string | null;
}

export interface MappingTable {
  model: string;
  label: string;
  resource: string;
  resources: string[];
  records: number;
  fields: MappingRow[];
}

export interface DraftInput {
  account: string;
  model: string;
  resource: string;
  field: string;
  expression: string;
  level: string;
  fieldType: string | null;
  record: string | null;
  sample: string | null;
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
  before: string | null;
  after: string | null;
  status: string;
  message: string | null;
}

export interface BrokenPin {
  id: string;
  resource: string;
  field: string;
  expected: string | null;
  actual: string | null;
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

export interface ImpactProgress {
  id: string;
  done: number;
  total: number;
  finished: boolean;
  cancelled: boolean;
  impact: Impact | null;
  error: Fault | null;
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
  warnings: string[];
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
  hint: string | null;
  position: { line: number; column: number; offset: number; length: number } | null;
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
  version: number;
  rows: { key: string; value: string }[];
}

export interface EffectiveRows {
  total: number;
  matching: number;
  rows: { key: string; value: string; level: string; below: string | null }[];
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
  actor: string;
  at: string;
}

export interface UnmappedKey {
  table: string;
  key: string;
  records: number;
}

export interface BundleChange {
  model: string;
  resource: string | null;
  field: string;
  before: string | null;
  after: string | null;
}

export interface ScopeImpact {
  account: string;
  kind: string;
  records: number;
  changed: number;
  newly_failing: number;
  error: string | null;
}

export interface BundleReport {
  dry_run: boolean;
  connector: string;
  written_for: string;
  present: string;
  changes: BundleChange[];
  tables: { table: string; added: number; changed: number; removed: number }[];
  unfit: { model: string; field: string; reason: string }[];
  impact: ScopeImpact[];
}

export interface CopyChoice {
  model: string | null;
  field: string | null;
  tables: boolean;
}

export interface CopyReport {
  dry_run: boolean;
  from: string;
  target_level: string;
  targets: string[];
  changes: (BundleChange & { scope: string })[];
  tables: { scope: string; table: string; added: number; changed: number; removed: number }[];
  unfit: { model: string; field: string; reason: string }[];
  accounts: ScopeImpact[];
  versions: number;
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
    around: { failing_field: string | null; after: string | null; before: string | null },
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

  mappingTable(account: string, model: string, resource: string): Promise<MappingTable>;
  mappingCoverage(account: string, model: string, resource: string): Promise<FieldTotal[]>;
  evaluateDraft(
    account: string,
    model: string,
    resource: string,
    field: string,
    expression: string,
    level: string,
    fieldType: string | null,
    record: string | null,
    sample: string | null,
  ): Promise<DraftResult>;
  startImpact(
    account: string,
    model: string,
    resource: string,
    field: string,
    expression: string | null,
    level: string,
    fieldType: string | null,
  ): Promise<string>;
  startTableImpact(account: string, table: string, level: string, changes: TableChange[]): Promise<string>;
  cancelImpact(id: string): Promise<null>;
  saveOverride(
    level: string,
    scope: string,
    model: string,
    resource: string | null,
    field: string,
    expression: string | null,
    fieldType: string | null,
    note: string | null,
    force: boolean,
  ): Promise<OverrideVersion>;
  unsetOverride(
    level: string,
    scope: string,
    model: string,
    resource: string | null,
    field: string,
    note: string | null,
    force: boolean,
  ): Promise<OverrideVersion>;
  overrideHistory(
    level: string,
    scope: string,
    model: string,
    resource: string | null,
    field: string,
  ): Promise<OverrideVersion[]>;
  restoreOverride(
    level: string,
    scope: string,
    model: string,
    resource: string | null,
    field: string,
    version: number,
    note: string | null,
    force: boolean,
  ): Promise<OverrideVersion>;
  undoOverride(
    level: string,
    scope: string,
    model: string,
    resource: string | null,
    field: string,
  ): Promise<OverrideVersion>;
  pinRecord(account: string, model: string, resource: string, id: string, note: string | null): Promise<PinView>;
  unpinRecord(account: string, model: string, resource: string, id: string): Promise<null>;
  pins(account: string, model: string | null): Promise<PinView[]>;
  checkPins(account: string, model: string | null): Promise<PinCheck>;
  completions(account: string, model: string, resource: string): Promise<Completions>;
  lintExpression(account: string, model: string, field: string, expression: string): Promise<ExpressionLint[]>;
  exportBundle(level: string, scope: string): Promise<string>;
  importBundle(
    level: string,
    scope: string,
    text: string,
    dryRun: boolean,
    partial: boolean,
    note: string | null,
  ): Promise<BundleReport>;
  exportJsonata(account: string, model: string, resource: string): Promise<string>;
  copyOverrides(
    account: string,
    to: string[],
    what: CopyChoice,
    dryRun: boolean,
    note: string | null,
  ): Promise<CopyReport>;
  promoteOverrides(account: string, what: CopyChoice, dryRun: boolean, note: string | null): Promise<CopyReport>;
  promoteToTwin(account: string, what: CopyChoice, dryRun: boolean, note: string | null): Promise<CopyReport>;
  twin(account: string): Promise<string | null>;

  tables(account: string): Promise<TableView[]>;
  tableRows(
    level: string,
    scope: string,
    name: string,
    query: { offset: number; limit: number; filter: string },
  ): Promise<TableRows>;
  effectiveTable(
    account: string,
    name: string,
    query: { offset: number; limit: number; filter: string },
  ): Promise<EffectiveRows>;
  saveTable(
    level: string,
    scope: string,
    name: string,
    changes: TableChange[],
    note: string | null,
  ): Promise<TableVersion>;
  tableHistory(level: string, scope: string, name: string): Promise<TableVersion[]>;
  restoreTable(
    level: string,
    scope: string,
    name: string,
    version: number,
    note: string | null,
  ): Promise<TableVersion>;
  importTable(
    level: string,
    scope: string,
    name: string,
    csv: string,
    replace: boolean,
    dryRun: boolean,
    note: string | null,
  ): Promise<TableVersion>;
  exportTable(level: string, scope: string, name: string): Promise<string>;
  unmappedKeys(account: string, table: string | null): Promise<UnmappedKey[]>;
  seedTable(
    account: string,
    name: string,
    resource: string,
    keyPath: string,
    valuePath: string | null,
    dryRun: boolean,
  ): Promise<TableVersion>;
}
