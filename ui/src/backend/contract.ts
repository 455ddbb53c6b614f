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
  started_at: string;
  ended_at: string | null;
  stored: number;
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
  /** `oauth` or `api_key`. */
  auth: string;
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
  /** Whether a person ticks it off. */
  by_hand: boolean;
}

export interface TenantDetail {
  id: string;
  name: string;
  region: string | null;
  contacts: string;
  notes: string;
  accounts: OverviewRow[];
  checklist: ChecklistStep[];
}

/** What of a customer is to change; what is null stays. */
export interface TenantChanges {
  name: string | null;
  /** An empty text: none. */
  region: string | null;
  contacts: string | null;
  notes: string | null;
}

export interface ScopeAdvice {
  scopes: string[];
  corrected: { given: string; meant: string; hint: string }[];
  unknown: string[];
  excess: string[];
  /** Scopes the choice needs that were not pasted. */
  missing: string[];
}

export interface AlertView {
  id: string;
  /** Null for the workspace as a whole. */
  account: string | null;
  tenant: string | null;
  tenant_name: string | null;
  connector: string | null;
  kind: string;
  due_at: string;
  /** `upcoming`, `due`, `active`, `acknowledged`, `snoozed` or `resolved`. */
  state: string;
  title: string;
  detail: string;
  hint: string | null;
  /** What can be done about it: `renew`, `reauthorize`, `open`, `snooze`, `ack`. */
  actions: string[];
  snoozed_until: string | null;
}
