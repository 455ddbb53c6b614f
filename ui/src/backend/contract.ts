/** What the frame and its screens are told: overview, tenants, connectors, alerts, settings. Times are RFC 3339, ids are slugs. */

export type Kind = "sandbox" | "production";

export interface Clock {
  obtained_at: string;
  /** Null when the provider did not say and the connector does not know. */
  expires_at: string | null;
  renew_at: string | null;
}

export interface LastRun {
  run: string;
  resource: string;
  status: string;
  ended_at: string | null;
  errors: number;
}

export interface OverviewRow {
  id: string;
  tenant: string;
  tenant_name: string;
  connector: string;
  connector_label: string;
  kind: string;
  environment: string | null;
  status: string;
  token: Clock | null;
  /** Null where the grant has none. */
  refresh_token: Clock | null;
  auth: "oauth" | "api_key";
  healthy: boolean;
  last_run: LastRun | null;
  records: number;
  /** Used share of the budget, 0 to 1, in the last twenty minutes, oldest first. */
  headroom: number[];
  coverage: { filled: number; of: number } | null;
  due_alerts: number;
}

export interface OverviewTotals {
  need_someone: number;
  tokens_past_threshold: number;
  refresh_due_soon: number;
  records_today: number;
}

export interface Hit {
  kind: "tenant" | "account" | "resource" | "field" | "connector";
  label: string;
  detail: string;
  account: string | null;
  tenant: string | null;
  resource: string | null;
  field: string | null;
  connector: string | null;
}

export interface ChecklistStep {
  step: string;
  label: string;
  done: boolean;
  detail: string;
  account: string | null;
}

export interface TenantDetail {
  id: string;
  name: string;
  region: string | null;
  contacts: string | null;
  notes: string | null;
  accounts: OverviewRow[];
  checklist: ChecklistStep[];
}

export interface TenantChange {
  name?: string | null;
  region?: string | null;
  contacts?: string | null;
  notes?: string | null;
}

export interface ConnectorCard {
  name: string;
  label: string;
  version: string;
  category: string;
  origin: string;
  resources: number;
  models: string[];
  approved: boolean;
  auth_kinds: string[];
  /** What it can sync, in the words of the provider. */
  syncs: string[];
  paging: string;
  limit: string;
  accounts: number;
  docs: string | null;
}

export interface FormField {
  key: string;
  label: string;
  help: string | null;
  placeholder: string | null;
  required: boolean;
  pattern: string | null;
  kind: string;
}

export interface ConnectorForm {
  name: string;
  label: string;
  version: string;
  category: string;
  docs: { label: string; url: string }[];
  approved: boolean;
  config: FormField[];
  grants: { grant: string; label: string }[];
  credential: { key: string; label: string; secret: boolean; help: string | null }[];
  resources: {
    key: string;
    label: string;
    scope: string | null;
    models: string[];
    modes: string[];
  }[];
  default_scopes: string[];
  scope_help: { scope: string; opens: string }[];
}

export interface ScopeAdvice {
  scopes: string[];
  corrected: { given: string; meant: string; hint: string }[];
  unknown: string[];
  excess: string[];
}

export interface NewAccountInput {
  id: string;
  tenant: string;
  connector: string;
  kind: string;
  environment: string | null;
  config: Record<string, string>;
  client_id: string | null;
  secret: string | null;
  scopes: string | null;
  grant: string | null;
  purpose: string | null;
  allow_hosts: string[];
}

export interface KeptError {
  code: string;
  message: string;
  hint?: string | null;
  at?: string | null;
}

export interface AccountView {
  id: string;
  tenant: string;
  connector: string;
  kind: string;
  environment: string | null;
  status: string;
  scopes: string[];
  scopes_granted: string[] | null;
  grant: string;
  purpose: string;
  client_id: string | null;
  config: Record<string, string>;
  approved_hosts: string[];
  token: Clock | null;
  refresh_token: Clock | null;
  health: {
    healthy: boolean;
    failed_runs: number;
    last_success_at: string | null;
    last_error: KeptError | null;
  };
  notes?: string[];
}

export interface StepView {
  name: string;
  ok: boolean;
  ms: number;
  message: string;
  state: "running" | "done";
}

export interface TestReport {
  status: string;
  steps: StepView[];
  missing_scopes: string[];
  error?: KeptError | null;
}

export interface AlertView {
  id: string;
  account: string;
  tenant: string;
  kind: string;
  title: string;
  detail: string;
  due_at: string | null;
  state: "upcoming" | "due" | "active" | "resolved" | "snoozed";
  actions: string[];
}

export interface SettingView {
  key: string;
  value: string | null;
  help: string;
}

export interface DoctorCheck {
  name: string;
  state: string;
  message: string;
  hint: string | null;
}

export interface BackupView {
  name: string;
  created_at: string;
  bytes: number;
  reason: string;
}
