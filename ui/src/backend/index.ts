/** The only door to the desktop shell: nothing else imports `@tauri-apps/*` or the generated bindings. */
import { type Fault, commands } from "./bindings";

export type { AccountSummary, Fault, TenantSummary, WorkspaceInfo } from "./bindings";

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

export const backend = {
  workspace: () => unwrap(commands.workspaceInfo()),
  tenants: () => unwrap(commands.listTenants()),
  accounts: () => unwrap(commands.listAccounts()),
};
