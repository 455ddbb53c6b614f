/** Made-up workspaces for tests and the design server: every value is a function of its place, so pictures do not change. */
import type {
  AlertView,
  ConnectorCard,
  ConnectorForm,
  OverviewRow,
  SettingView,
  TenantSummary,
} from "../backend";
import { CARDS, FORMS } from "./catalogue";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface World {
  tenants: TenantSummary[];
  rows: OverviewRow[];
  connectors: ConnectorCard[];
  forms: ConnectorForm[];
  alerts: AlertView[];
  settings: SettingView[];
}

const NAMES = [
  "Aster Health",
  "Kestrel Foods",
  "Northwind Traders",
  "Meridian Labs",
  "Halden Marine",
  "Ostara Energy",
  "Pallas Insurance",
  "Quill & Sons",
];
const REGIONS = ["EU", "US", "UK", "EU", "NO", "EU", "US", "US"];

function ago(now: number, ms: number): string {
  return new Date(now - ms).toISOString();
}

function token(now: number, hours: number): OverviewRow["token"] {
  return {
    obtained_at: ago(now, hours * HOUR),
    expires_at: ago(now, (hours - 24) * HOUR),
    renew_at: ago(now, (hours - 20) * HOUR),
  };
}

function refresh(now: number, days: number): OverviewRow["token"] {
  return {
    obtained_at: ago(now, days * DAY),
    expires_at: ago(now, (days - 90) * DAY),
    renew_at: ago(now, (days - 80) * DAY),
  };
}

function wave(seed: number, height: number): number[] {
  return Array.from({ length: 20 }, (_, index) =>
    Math.max(0, Math.min(1, height * (0.6 + 0.4 * Math.sin(index / 2 + seed)))),
  );
}

function row(now: number, change: Partial<OverviewRow> & { id: string; tenant: string; tenant_name: string }): OverviewRow {
  return {
    connector: "coupa",
    connector_label: "Coupa",
    kind: "sandbox",
    environment: null,
    status: "active",
    token: token(now, 7.4),
    refresh_token: null,
    auth: "oauth",
    healthy: true,
    last_run: {
      run: `run-${change.id}`,
      resource: "invoices",
      status: "completed",
      started_at: ago(now, 43 * MINUTE),
      ended_at: ago(now, 42 * MINUTE),
      stored: 1234,
      errors: 0,
    },
    records: 1234,
    headroom: wave(change.id.length, 0.3),
    coverage: { filled: 980, of: 1000, records: 200, at: new Date(now).toISOString() },
    due_alerts: 0,
    ...change,
  };
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function firstRows(now: number): OverviewRow[] {
  const of = (index: number) => ({
    tenant: slug(NAMES[index] ?? ""),
    tenant_name: NAMES[index] ?? "",
  });
  return [
    row(now, {
      ...of(0),
      id: "aster-coupa",
      kind: "production",
      environment: "eu-live",
      status: "needs_reauth",
      token: token(now, 26),
      refresh_token: refresh(now, 84),
      last_run: { run: "run-1", resource: "invoices", status: "failed", started_at: ago(now, 2 * HOUR), ended_at: ago(now, 2 * HOUR), stored: 0, errors: 0 },
      records: 0,
      headroom: wave(1, 0.98),
      coverage: null,
      due_alerts: 2,
    }),
    row(now, {
      ...of(1),
      id: "kestrel-coupa-prod",
      kind: "production",
      environment: "eu-live",
      healthy: false,
      token: token(now, 15),
      last_run: { run: "run-2", resource: "suppliers", status: "completed", started_at: ago(now, 3 * HOUR), ended_at: ago(now, 3 * HOUR), stored: 1204, errors: 3 },
      records: 1204,
      headroom: wave(2, 0.85),
      coverage: { filled: 810, of: 1000, records: 200, at: new Date(now).toISOString() },
    }),
    row(now, {
      ...of(2),
      id: "northwind-coupa-prod",
      kind: "production",
      environment: "eu-live",
      token: token(now, 20.6),
      records: 12_418,
      coverage: { filled: 960, of: 1000, records: 200, at: new Date(now).toISOString() },
      due_alerts: 1,
    }),
    row(now, { ...of(2), id: "northwind-coupa-test", environment: "eu-test" }),
    row(now, {
      ...of(3),
      id: "meridian-test",
      status: "connecting",
      token: token(now, 0.001),
      last_run: null,
      records: 0,
      headroom: wave(3, 0.02),
      coverage: null,
    }),
    row(now, {
      ...of(4),
      id: "halden-prod",
      kind: "production",
      token: token(now, 0.2),
      refresh_token: refresh(now, 33),
      records: 3870,
      coverage: { filled: 920, of: 1000, records: 200, at: new Date(now).toISOString() },
    }),
    row(now, {
      ...of(5),
      id: "ostara-prod",
      kind: "production",
      environment: "us-live",
      token: token(now, 2.8),
      refresh_token: refresh(now, 18),
      records: 22_019,
      coverage: { filled: 890, of: 1000, records: 200, at: new Date(now).toISOString() },
    }),
    row(now, {
      ...of(6),
      id: "pallas-test",
      status: "validation_error",
      token: null,
      last_run: null,
      records: 0,
      headroom: [],
      coverage: null,
    }),
    row(now, {
      ...of(7),
      id: "quill-greenhouse",
      connector: "greenhouse",
      connector_label: "Greenhouse",
      kind: "production",
      auth: "api_key",
      token: null,
      records: 640,
      coverage: { filled: 640, of: 640, records: 200, at: new Date(now).toISOString() },
    }),
  ];
}

const SETTINGS: SettingView[] = [
  { key: "proxy", value: null, help: "address of the proxy every call goes through", kind: "text" },
  { key: "ca_file", value: null, help: "PEM file of certificates to trust besides the system's", kind: "text" },
  {
    key: "notifications",
    value: null,
    help: "on or off: native notifications when something falls due [on]",
    kind: "on_unless_off",
  },
  {
    key: "notify_names",
    value: null,
    help: "on or off: name tenants and accounts in notifications, which show on lock screens [off]",
    kind: "off_unless_on",
  },
  {
    key: "client_secret_reminder_days",
    value: null,
    help: "days after which a client secret counts as old and a reminder falls due [no reminder]",
    kind: "number",
  },
];

function alertsOf(now: number): AlertView[] {
  const alert = (change: Partial<AlertView> & { id: string; due_at: string }): AlertView => ({
    account: null,
    tenant: null,
    tenant_name: null,
    connector: "coupa",
    kind: "access_token",
    state: "due",
    title: "",
    detail: "",
    hint: null,
    actions: ["renew", "open", "snooze", "ack"],
    snoozed_until: null,
    notified_at: null,
    resolved_at: null,
    ...change,
  });
  const northwind = { account: "northwind-coupa-prod", tenant: "northwind-traders", tenant_name: "Northwind Traders" };
  const aster = { account: "aster-coupa", tenant: "aster-health", tenant_name: "Aster Health" };
  const halden = { account: "halden-prod", tenant: "halden-marine", tenant_name: "Halden Marine" };
  return [
    alert({
      ...northwind,
      id: "a1",
      title: "Access token past 20 h",
      detail: "Obtained 20 h 38 min ago; it stops working 24 h after it was obtained.",
      due_at: ago(now, 38 * MINUTE),
    }),
    alert({
      ...aster,
      id: "a2",
      kind: "needs_reauth",
      state: "active",
      title: "The credential was refused",
      detail: "The provider answered invalid_client at the last renewal.",
      hint: "Ask the administrator whether the client still exists.",
      due_at: ago(now, 2 * HOUR),
      actions: ["renew", "reauthorize", "open", "snooze", "ack"],
    }),
    alert({
      ...aster,
      id: "a3",
      kind: "refresh_token",
      title: "Refresh token past 80 days",
      detail: "It expires in 6 days; someone at the customer has to sign in again.",
      due_at: ago(now, 4 * DAY),
      actions: ["renew", "reauthorize", "open", "snooze", "ack"],
    }),
    alert({
      ...halden,
      id: "a4",
      kind: "refresh_token",
      state: "upcoming",
      title: "Refresh token reaches 80 days",
      detail: "Renewing it before keeps the account connected.",
      due_at: ago(now, -47 * DAY),
      actions: ["renew", "reauthorize", "open"],
    }),
    alert({
      ...northwind,
      id: "a5",
      state: "resolved",
      title: "Access token past 20 h",
      detail: "It was renewed.",
      due_at: ago(now, 26 * HOUR),
      resolved_at: ago(now, 25 * HOUR),
      actions: ["open"],
    }),
  ];
}

/** The workspace of the pictures: nine accounts of eight tenants, in every state. */
export function fullWorld(now: number): World {
  return {
    tenants: NAMES.map((name, index) => ({ id: slug(name), name, region: REGIONS[index] ?? null })),
    rows: firstRows(now),
    connectors: CARDS,
    forms: FORMS,
    alerts: alertsOf(now),
    settings: SETTINGS,
  };
}

/** Nothing in it yet. */
export function emptyWorld(now: number): World {
  return { ...fullWorld(now), tenants: [], rows: [], alerts: [] };
}

/** `accounts` accounts, two to a tenant, of every state the small one has. */
export function largeWorld(now: number, accounts: number): World {
  const base = fullWorld(now);
  const rows = Array.from({ length: accounts }, (_, index) => {
    const like = base.rows[index % base.rows.length];
    const number = Math.floor(index / 2) + 1;
    return {
      ...(like ?? row(now, { id: "", tenant: "", tenant_name: "" })),
      id: `account-${String(index + 1)}`,
      tenant: `tenant-${String(number)}`,
      tenant_name: `Tenant ${String(number)}`,
      last_run: null,
    };
  });
  const tenants = [...new Set(rows.map((each) => each.tenant))].map((id) => ({
    id,
    name: rows.find((each) => each.tenant === id)?.tenant_name ?? id,
    region: "EU",
  }));
  return { ...base, tenants, rows, alerts: [] };
}
