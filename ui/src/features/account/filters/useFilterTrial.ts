import { useEffect, useRef, useState } from "react";

import { type FilterTried, backend } from "../../../backend";
import { latestOnly } from "../mapping/latestOnly";

/** The filter a draft is for. */
export interface FilterPlace {
  account: string;
  model: string;
  resource: string;
  filter: string;
}

interface Input {
  expression: string;
  typed: string;
}

/** What a draft with a value came to: what would be asked for, or why nothing would. */
export type Tried = Input & { result: FilterTried | null; error: unknown };

/**
 * What a draft asks the provider for with a value; nothing is sent. Asked with every key, answered for the last one. Null
 * without an answer, and where there is no expression or no value to try.
 */
export function useFilterTrial({ account, model, resource, filter }: FilterPlace, expression: string | null, typed: string): Tried | null {
  const [tried, setTried] = useState<Tried | null>(null);
  const runner = useRef<{ ask: (input: Input) => void } | null>(null);
  useEffect(() => {
    const made = latestOnly(
      (input: Input) => backend.tryFilter(account, model, resource, filter, input.expression, input.typed),
      (outcome) =>
        setTried(
          "value" in outcome
            ? { ...outcome.input, result: outcome.value, error: null }
            : { ...outcome.input, result: null, error: outcome.error },
        ),
    );
    runner.current = made;
    return () => made.stop();
  }, [account, model, resource, filter]);
  const ready = expression !== null && typed.trim() !== "";
  useEffect(() => {
    if (ready) {
      runner.current?.ask({ expression, typed });
    }
  }, [account, model, resource, filter, ready, expression, typed]);
  return ready ? tried : null;
}
