import { useEffect, useState } from "react";

import { type Impact, type ImpactProgress, BackendError, backend } from "../../../backend";

export interface ImpactState {
  done: number;
  total: number;
  running: boolean;
  impact: Impact | null;
  error: Error | null;
}

export type HearImpact = (progress: ImpactProgress) => void;

const NO_IMPACT: ImpactState = { done: 0, total: 0, running: false, impact: null, error: null };

/** How long after the last key all stored records are gone through: a pause in typing, not every word. */
const PAUSE_MS = 350;

/**
 * Goes through the stored records in the background, with progress, each time `ask` is another function; null asks for
 * nothing. `id` is what it is cancelled by.
 */
export function useImpactRun(id: string, ask: ((hear: HearImpact) => Promise<Impact>) | null): ImpactState {
  const [state, setState] = useState<ImpactState>(NO_IMPACT);
  useEffect(() => {
    if (ask === null) {
      setState(NO_IMPACT);
      return undefined;
    }
    let overtaken = false;
    let asked = false;
    const tell = (next: (old: ImpactState) => ImpactState) => {
      if (!overtaken) {
        setState(next);
      }
    };
    const timer = setTimeout(() => {
      asked = true;
      tell((old) => ({ ...old, running: true, done: 0, error: null }));
      ask(({ done, total }) => tell((old) => ({ ...old, done, total }))).then(
        (impact) => {
          tell(() => ({ done: impact.records, total: impact.records, running: false, impact, error: null }));
          return undefined;
        },
        (error: unknown) => tell(() => ({ ...NO_IMPACT, error: error instanceof BackendError ? error : new Error(String(error)) })),
      );
    }, PAUSE_MS);
    return () => {
      overtaken = true;
      clearTimeout(timer);
      if (asked) {
        void backend.cancelImpact(id).catch(() => undefined);
      }
    };
  }, [id, ask]);
  return state;
}
