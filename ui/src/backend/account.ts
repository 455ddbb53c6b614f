/** What the account screens are told of mappings and tables. */
import type { Compared, FieldTotal } from "./bindings";

export interface Place {
  line: number;
  column: number;
}

export interface ProviderFilter {
  field: string;
  operator: string;
  value: string;
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
  position: Place | null;
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

export interface Example {
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
  examples: Example[];
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

export interface Lint {
  code: string;
  severity: string;
  message: string;
  hint: string;
  position: Place | null;
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

export interface Rows {
  offset: number;
  limit: number;
  filter: string;
}

/** Commands of the account screens the generated bindings do not have yet. */
export interface PendingAccount {
  queryProvider(
    account: string,
    resource: string,
    filters: ProviderFilter[],
  ): Promise<{ records: number; ids: string[] }>;
  fetchMissing(account: string, resource: string, id: string): Promise<Compared>;

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
  ): Promise<Lint[]>;
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
  tableRows(which: WhichTable, rows: Rows): Promise<TableRows>;
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
