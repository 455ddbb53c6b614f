import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import {
  BackendError,
  type LiveStep,
  type NewAccountInput,
  type TestReport,
  backend,
} from "../../backend";
import { finalSteps, withStep } from "./steps";

/** How far a try to connect has come. */
export interface Connecting {
  state: "idle" | "adding" | "testing" | "done";
  /** The account, once it is added: a further try changes it. */
  added: string | null;
  steps: LiveStep[];
  report: TestReport | null;
  /** Why it could not be added or tried at all. */
  error: Error | null;
}

const IDLE: Connecting = { state: "idle", added: null, steps: [], report: null, error: null };
const STALE = [
  "account",
  "alerts",
  "listAccounts",
  "listConnectors",
  "overview",
  "overviewTotals",
  "tenant",
  "workspaceInfo",
];

/** Adds the account (or changes it, at a further try) and tests its connection, telling each step. */
export function useConnecting() {
  const client = useQueryClient();
  const [now, setNow] = useState<Connecting>(IDLE);
  const change = (part: Partial<Connecting>) => {
    setNow((before) => ({ ...before, ...part }));
  };
  const test = (id: string) =>
    backend.connect(id, (step) => {
      setNow((before) => ({ ...before, steps: withStep(before.steps, step) }));
    });
  // A person signs in: what comes back is kept and tested by the shell.
  const signIn = async (id: string) => {
    await backend.beginSignIn(id, true);
    return backend.awaitSignIn(id);
  };
  const connect = async (input: NewAccountInput) => {
    change({ state: "adding", steps: [], report: null, error: null });
    // What was added keeps its id, whatever the form says meanwhile.
    const id = now.added ?? input.id;
    try {
      if (now.added === null) {
        await backend.addAccount(input);
      } else {
        const { config, client_id, secret, scopes, allow_hosts } = input;
        await backend.updateAccount(now.added, {
          config,
          client_id,
          secret,
          scopes,
          allow_hosts,
          approve: false,
        });
      }
      change({ state: "testing", added: id });
      const report = await (input.grant === "authorization_code" ? signIn(id) : test(id));
      change({ state: "done", report, steps: finalSteps(report) });
    } catch (failure) {
      change({
        state: "done",
        error: failure instanceof Error ? failure : new Error(String(failure)),
      });
    }
    await Promise.all(STALE.map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
  const startOver = async () => {
    if (now.added !== null) {
      await backend.removeAccount(now.added);
      await Promise.all(STALE.map((name) => client.invalidateQueries({ queryKey: [name] })));
    }
    setNow(IDLE);
  };
  return { ...now, connect, startOver };
}

/** Whether a failure asks for a host to be confirmed. */
export function asksForHost(error: Error | null): boolean {
  return error instanceof BackendError && error.code === "host_not_declared";
}
