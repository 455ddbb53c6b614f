/** The only door to the desktop shell: nothing else imports `@tauri-apps/*` or the generated bindings. */
import { Channel } from "@tauri-apps/api/core";
import { listen as listenToShell } from "@tauri-apps/api/event";

import type { Impact, ImpactProgress, PendingAccount } from "./account";
import { type Fault, type LiveStep, type RunProgress, type TestReport, commands } from "./bindings";
import type { AlertView } from "./contract";

export type * from "./account";
export type {
  AccountInput,
  AccountSummary,
  AccountView,
  BackupView,
  CallDetail,
  CallPage,
  CallRow,
  ChecklistStep,
  ColumnView,
  Compared,
  ComparedField,
  ConfigFieldView,
  ConnectorCard,
  ConnectorForm,
  DoctorCheck,
  ErrorGroup,
  ErrorView,
  Fault,
  FieldTotal,
  GrantView,
  Hit,
  LastRun,
  LiveStep,
  LogLine,
  NewAccountInput,
  OverviewRow,
  OverviewTotals,
  ProjectionPage,
  ProjectionQuery,
  ProjectionRow,
  RawPage,
  RawQuery,
  RawRow,
  RecordPlace,
  ResourceFilter,
  ResourceRow,
  RunDetail,
  RunProgress,
  RunView,
  ScopeAdvice,
  SettingView,
  StepView,
  SyncOptions,
  TenantChanges,
  TenantDetail,
  TenantSummary,
  TestReport,
  TokenView as Clock,
  WorkspaceInfo,
} from "./bindings";
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

/** Commands the generated bindings do not have yet. */
interface Pending extends PendingAccount {
  alerts(filter: { until: string | null }): Promise<AlertView[]>;
  ackAlert(id: string): Promise<unknown>;
  snoozeAlert(id: string, until: string): Promise<unknown>;
  testNotification(): Promise<{ delivered: boolean; server: string | null; message: string }>;
  diagnosticsBundle(): Promise<{ path: string }>;
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<null>;
  closeChoice(): Promise<string>;
  setCloseChoice(choice: string): Promise<null>;
  hideWindow(): Promise<null>;
  quit(): Promise<null>;
  startDemoSandbox(): Promise<{ tenants: string[]; accounts: string[] }>;
}

/** Commands that tell what goes on while they run, with a function in place of the channel. */
interface Told {
  connect(account: string, onStep: (step: LiveStep) => void): Promise<TestReport>;
}

export type Backend = Omit<Unwrapped<typeof commands>, keyof Pending | keyof Told> & Pending & Told;

type Command = (...args: unknown[]) => Promise<Answer<unknown>>;

export const backend = Object.fromEntries(
  Object.entries(commands as unknown as Record<string, Command>).map(([name, command]) => [
    name,
    (...args: unknown[]) => unwrap(command(...args)),
  ]),
) as unknown as Backend;

/** Whether the shell has a command; what needs one that a later version brings is absent. */
export function offers(command: keyof Backend): boolean {
  return command in backend;
}

backend.connect = (account, onStep) => {
  const channel = new Channel<LiveStep>();
  channel.onmessage = onStep;
  return unwrap(commands.connect(account, channel));
};

// A command of the mapping studio, which tells its progress over a channel too.
const { startImpact } = commands as unknown as Record<string, Command>;
if (startImpact) {
  backend.startImpact = (id, draft, onProgress) => {
    const channel = new Channel<ImpactProgress>();
    channel.onmessage = onProgress;
    return unwrap(startImpact(id, draft, channel) as Promise<Answer<Impact>>);
  };
}

/** What the shell tells the window without being asked. */
export interface ShellEvents {
  "health-changed": { account: string };
  "alerts-changed": Record<string, never>;
  "connectors-changed": Record<string, never>;
  /** A place in the window: a deep link, the tray, a notification. */
  navigate: { to: string };
  /** The window was to be closed and nobody has said yet what that means. */
  "close-asked": Record<string, never>;
  "run-progress": RunProgress;
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
