/** What the frame and its screens are told beside what the bindings have. Times are RFC 3339, ids are slugs. */

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

export interface ScopeAdvice {
  scopes: string[];
  corrected: { given: string; meant: string; hint: string }[];
  unknown: string[];
  excess: string[];
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
