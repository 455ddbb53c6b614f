/** The only door to the desktop shell: nothing else imports `@tauri-apps/*` or the generated bindings. */
import { Channel } from "@tauri-apps/api/core";
import { listen as listenToShell } from "@tauri-apps/api/event";

import {
  type AlertsChanged,
  type CloseAsked,
  type ConnectorsChanged,
  type DeviceView,
  type Draft,
  type FailingSearch,
  type Fault,
  type FieldTotal,
  type HealthChanged,
  type Impact,
  type ImpactProgress,
  type LiveStep,
  type LockChanged,
  type MappingsChanged,
  type Navigate,
  type NotificationsUnavailable,
  type RunProgress,
  type TableChange,
  type TestReport,
  commands,
} from "./bindings";

export type {
  AccountComparison,
  AccountCoverage,
  AccountInput,
  AccountView,
  AlertView,
  AuditFormat,
  AuditHead,
  AuditVerdict,
  BundleChange,
  CallDetail,
  CallPage,
  CallRow,
  ChangeReport,
  ChecklistStep,
  Choice,
  ColumnView,
  ComparedField,
  ConfigFieldView,
  ConnectorCard,
  ConnectorChange,
  ConnectorForm,
  CredentialEvent,
  CredentialView,
  DeviceView,
  Draft,
  DraftResult,
  FailingSearch,
  DriftChange,
  EffectiveRow,
  EffectiveRows,
  ErrorGroup,
  ExportedFile,
  ExportedText,
  FieldTotal,
  FilterRow,
  FilterTried,
  Forgotten,
  GrantView,
  Hit,
  Impact,
  ImpactProgress,
  IncidentView,
  LastRun,
  LevelEntry,
  Lint,
  LiveStep,
  LockState,
  LogLine,
  MappingRow,
  MappingTable,
  NewAccountInput,
  OverrideVersion,
  OverviewRow,
  Place,
  ProjectionPage,
  ProjectionRow,
  QuietNow,
  QuietView,
  QuietWindowView,
  RawPage,
  RawQuery,
  RawRow,
  RecordPlace,
  ResourceDrift,
  ResourceRow,
  ResumeOptions,
  ResumeView,
  RetentionView,
  Rows,
  RunDetail,
  RunProgress,
  RunView,
  ScheduleInput,
  ScheduleView,
  ScopeAdvice,
  ScopeImpact,
  ScopeView,
  SettingView,
  SignInView,
  TableChange,
  TableChangeView,
  TableRows,
  TableVersion,
  TableView,
  TenantDetail,
  TenantSummary,
  TestReport,
  TokenView as Clock,
  UnmappedKey,
  UnreadFields,
  UnreadRow,
  Which,
  WhichTable,
} from "./bindings";

/** Whose side the failure of each code is on. */
export { faultSides } from "./bindings";

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

/** A way through all stored records: what it is cancelled by (`cancelImpact`), and who hears how far it is. */
export interface Walk {
  id: string;
  hear: (progress: ImpactProgress) => void;
}

/** Commands that tell what goes on while they run, with a function in place of the channel. */
interface Told {
  connect(account: string, onStep: (step: LiveStep) => void): Promise<TestReport>;
  signInOnDevice(account: string, onCode: (device: DeviceView) => void): Promise<TestReport>;
  startImpact(id: string, draft: Draft, onProgress: (progress: ImpactProgress) => void): Promise<Impact>;
  fieldTotals(account: string, model: string, resource: string, walk?: Walk): Promise<FieldTotal[]>;
  nextFailing(search: FailingSearch, walk: Walk): Promise<string | null>;
  startTableImpact(
    id: string,
    account: string,
    table: string,
    level: string,
    changes: TableChange[],
    onProgress: (progress: ImpactProgress) => void,
  ): Promise<Impact>;
}

export type Backend = Omit<Unwrapped<typeof commands>, keyof Told> & Told;

type Command = (...args: unknown[]) => Promise<Answer<unknown>>;

export const backend = Object.fromEntries(
  Object.entries(commands as unknown as Record<string, Command>).map(([name, command]) => [
    name,
    (...args: unknown[]) => unwrap(command(...args)),
  ]),
) as unknown as Backend;

/** A channel of the shell that hands on what comes over it. */
function channelTo<Message>(hear: (message: Message) => void) {
  const channel = new Channel<Message>();
  channel.onmessage = hear;
  return channel;
}

backend.connect = (account, onStep) => unwrap(commands.connect(account, channelTo(onStep)));

backend.signInOnDevice = (account, onCode) => unwrap(commands.signInOnDevice(account, channelTo(onCode)));

backend.startImpact = (id, draft, onProgress) => unwrap(commands.startImpact(id, draft, channelTo(onProgress)));

const UNHEARD: Walk = { id: "field-totals", hear: () => undefined };

backend.fieldTotals = (account, model, resource, walk = UNHEARD) =>
  unwrap(commands.fieldTotals(walk.id, account, model, resource, channelTo(walk.hear)));

backend.nextFailing = (search, { id, hear }) => unwrap(commands.nextFailing(id, search, channelTo(hear)));

backend.startTableImpact = (id, account, table, level, changes, onProgress) =>
  unwrap(commands.startTableImpact(id, account, table, level, changes, channelTo(onProgress)));

/** What the shell tells the window without being asked. */
export interface ShellEvents {
  "health-changed": HealthChanged;
  "alerts-changed": AlertsChanged;
  "connectors-changed": ConnectorsChanged;
  "mappings-changed": MappingsChanged;
  /** A place in the window: a deep link, the tray, a notification. */
  navigate: Navigate;
  /** The window was to be closed and nobody has said yet what that means. */
  "close-asked": CloseAsked;
  "run-progress": RunProgress;
  "lock-changed": LockChanged;
  /** Nobody shows native notifications on this desktop. */
  "notifications-unavailable": NotificationsUnavailable;
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
