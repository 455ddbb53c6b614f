/** The only door to the desktop shell: nothing else imports `@tauri-apps/*` or the generated bindings. */
import { listen as listenToShell } from "@tauri-apps/api/event";

import { type Fault, commands } from "./bindings";
import type { ImpactProgress, PendingAccount, RunProgress } from "./account";
import type {
  AccountView,
  AlertView,
  BackupView,
  ConnectorCard,
  ConnectorForm,
  DoctorCheck,
  Hit,
  NewAccountInput,
  OverviewRow,
  OverviewTotals,
  ScopeAdvice,
  SettingView,
  StepView,
  TenantChange,
  TenantDetail,
  TestReport,
} from "./contract";

export type { AccountSummary, Fault, TenantSummary } from "./bindings";
export type * from "./account";
export type * from "./contract";

/** A failure as the shell reports it; `code` is what the window switches on. */
export class BackendError extends Error {
  readonly code: string;
  readonly hint: string | null;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = "BackendError";
    this.code = fault.code;
    this.hint = fault.hint;
  }
}

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Fault };

async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call;
  if (answer.status === "error") {
    throw new BackendError(answer.error);
  }
  return answer.data;
}

/** The generated commands as the window calls them: the value itself, or a thrown [`BackendError`]. */
type Unwrapped<Commands> = {
  [Name in keyof Commands]: Commands[Name] extends (
    ...args: infer Args
  ) => Promise<Answer<infer Data>>
    ? (...args: Args) => Promise<Data>
    : never;
};

export interface WorkspaceInfo {
  folder: string;
  version: string;
  vault: "keyring" | "passphrase" | null;
  empty: boolean;
}

/** Commands the generated bindings do not have yet. */
interface Pending extends PendingAccount {
  workspaceInfo(): Promise<WorkspaceInfo>;
  callMode(): Promise<string | null>;
  enterCall(tenant: string): Promise<null>;
  leaveCall(): Promise<null>;
  uiState(): Promise<string | null>;
  saveUiState(json: string): Promise<null>;
  search(text: string): Promise<Hit[]>;
  openExternal(url: string): Promise<null>;
  overview(): Promise<OverviewRow[]>;
  overviewTotals(): Promise<OverviewTotals>;
  tenant(id: string): Promise<TenantDetail>;
  addTenant(id: string, name: string, region: string | null): Promise<unknown>;
  updateTenant(id: string, change: TenantChange): Promise<unknown>;
  removeTenant(id: string): Promise<null>;
  restoreTenant(id: string): Promise<unknown>;
  tenantReport(id: string): Promise<string>;
  listConnectors(): Promise<ConnectorCard[]>;
  connector(name: string): Promise<ConnectorForm>;
  scopeAdvice(
    connector: string,
    resources: string[],
    pasted: string | null,
    purpose: string,
  ): Promise<ScopeAdvice>;
  adminMessage(account: string): Promise<string>;
  adminMessageDraft(
    connector: string,
    scopes: string[],
    config: Record<string, string>,
  ): Promise<string>;
  addAccount(input: NewAccountInput): Promise<AccountView>;
  updateAccount(id: string, input: NewAccountInput): Promise<AccountView>;
  removeAccount(id: string): Promise<null>;
  account(id: string): Promise<AccountView>;
  connect(account: string, onStep: (step: StepView) => void): Promise<TestReport>;
  renewToken(account: string): Promise<AccountView>;
  approveConnector(name: string): Promise<unknown>;
  alerts(filter: { until: string | null }): Promise<AlertView[]>;
  ackAlert(id: string): Promise<unknown>;
  snoozeAlert(id: string, until: string): Promise<unknown>;
  testNotification(): Promise<{ delivered: boolean; server: string | null; message: string }>;
  settings(): Promise<SettingView[]>;
  setSetting(key: string, value: string | null): Promise<unknown>;
  doctor(): Promise<DoctorCheck[]>;
  diagnosticsBundle(): Promise<{ path: string }>;
  createBackup(): Promise<BackupView>;
  backups(): Promise<BackupView[]>;
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<null>;
  closeChoice(): Promise<string>;
  setCloseChoice(choice: string): Promise<null>;
  quit(): Promise<null>;
  startDemoSandbox(): Promise<{ tenants: string[]; accounts: string[] }>;
  demoSandbox(): Promise<{ running: boolean; url: string | null } | null>;
}

export type Backend = Omit<Unwrapped<typeof commands>, keyof Pending> & Pending;

type Command = (...args: unknown[]) => Promise<Answer<unknown>>;

export const backend = Object.fromEntries(
  Object.entries(commands as unknown as Record<string, Command>).map(([name, command]) => [
    name,
    (...args: unknown[]) => unwrap(command(...args)),
  ]),
) as unknown as Backend;

/** What the shell tells the window without being asked. */
export interface ShellEvents {
  "health-changed": { account: string };
  "alerts-changed": Record<string, never>;
  "connectors-changed": Record<string, never>;
  /** A place in the window: a deep link, the tray, a notification. */
  navigate: { to: string };
  "run-progress": RunProgress;
  "impact-progress": ImpactProgress;
}

type Listen = <Name extends keyof ShellEvents>(
  name: Name,
  handler: (payload: ShellEvents[Name]) => void,
) => () => void;

const fromShell: Listen = (name, handler) => {
  const listening = listenToShell<Parameters<typeof handler>[0]>(name, (event) => {
    handler(event.payload);
  });
  return () => {
    void listening.then((stop) => {
      stop();
    });
  };
};

let source: Listen = fromShell;

/** Hears an event until the returned function is called. */
export const listen: Listen = (name, handler) => source(name, handler);

/** Puts another backend behind the window: tests, and the design server in a plain browser. */
export function replaceBackend(other: Partial<Backend>, events: Listen = () => () => undefined) {
  Object.assign(backend, other);
  source = events;
}
