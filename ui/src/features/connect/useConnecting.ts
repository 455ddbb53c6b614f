import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import {
  BackendError,
  type DeviceView,
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
  /** How somebody has to sign in meanwhile; null where nobody does. */
  signIn: "browser" | "device" | null;
  /** What is to be typed on another device; null before the provider has said it. */
  device: DeviceView | null;
  steps: LiveStep[];
  report: TestReport | null;
  /** What to know of it besides, such as a scope that was corrected. */
  notes: string[];
  /** Why it could not be added or tried at all. */
  error: Error | null;
}

const IDLE: Connecting = {
  state: "idle",
  added: null,
  signIn: null,
  device: null,
  steps: [],
  report: null,
  notes: [],
  error: null,
};

/** What reads again when an account came, changed or went. */
export const STALE = [
  "account",
  "alerts",
  "listAccounts",
  "listConnectors",
  "overview",
  "overviewTotals",
  "tenant",
  "workspaceInfo",
];

const WAYS: Record<string, Connecting["signIn"]> = {
  authorization_code: "browser",
  device_code: "device",
};

/** Adds the account (or changes it, at a further try) and tests its connection, telling each step. */
export function useConnecting() {
  const client = useQueryClient();
  const [now, setNow] = useState<Connecting>(IDLE);
  const change = (part: Partial<Connecting>) => {
    setNow((before) => ({ ...before, ...part }));
  };
  // Nobody sees the code any more once the page is left.
  const shown = useRef<string | null>(null);
  useEffect(
    () => () => {
      if (shown.current !== null) {
        void backend.cancelSignIn(shown.current).catch(() => undefined);
      }
    },
    [],
  );
  // A person signs in: what comes back is kept and tested by the shell.
  const inBrowser = async (id: string) => {
    await backend.beginSignIn(id, true);
    return backend.awaitSignIn(id);
  };
  const onDevice = async (id: string) => {
    shown.current = id;
    try {
      return await backend.signInOnDevice(id, (device) => {
        change({ device });
      });
    } finally {
      shown.current = null;
    }
  };
  const test = (id: string) =>
    backend.connect(id, (step) => {
      setNow((before) => ({ ...before, steps: withStep(before.steps, step) }));
    });
  const connect = async (input: NewAccountInput) => {
    const signIn = WAYS[input.grant ?? ""] ?? null;
    change({ state: "adding", signIn, device: null, steps: [], report: null, notes: [], error: null });
    // What was added keeps its id, whatever the form says meanwhile.
    const id = now.added ?? input.id;
    try {
      const { config, client_id, secret, scopes, allow_hosts } = input;
      const { notes = [] } = await (now.added === null
        ? backend.addAccount(input)
        : backend.updateAccount(now.added, { config, client_id, secret, scopes, allow_hosts, approve: false }));
      change({ state: "testing", added: id, notes });
      const report = await (signIn === "browser" ? inBrowser(id) : signIn === "device" ? onDevice(id) : test(id));
      change({ state: "done", device: null, report, steps: finalSteps(report) });
    } catch (failure) {
      change({
        state: "done",
        device: null,
        error: failure instanceof Error ? failure : new Error(String(failure)),
      });
    }
    await Promise.all(STALE.map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
  /** Ends the waiting for somebody who was to sign in. */
  const stop = () => {
    if (now.added !== null) {
      void backend.cancelSignIn(now.added).catch(() => undefined);
    }
  };
  /** As if nothing had been tried; what was added stays as it is. */
  const reset = () => {
    setNow(IDLE);
  };
  return { ...now, connect, stop, reset };
}

/** Whether a failure asks for a host to be confirmed. */
export function asksForHost(error: Error | null): boolean {
  return error instanceof BackendError && error.code === "host_not_declared";
}
