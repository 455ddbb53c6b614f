import { useCallback, useEffect, useRef, useState } from "react";

import { backend } from "../../../backend";
import { toast, toastError } from "../../../components/Toasts";
import { type WalkProgress, walkRecords } from "./recordWalk";
import type { RecordKey } from "./useRawTree";

/** Looks for the next record in which a field fails, and goes there; another search or leaving ends the one before. */
export function useNextFailing(record: RecordKey, model: string | null, onFound: (record: string) => void) {
  const [search, setSearch] = useState<{ field: string; progress: WalkProgress } | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setSearch(null);
  }, []);
  useEffect(() => () => running.current?.abort(), []);
  const { account, resource, id } = record;
  const find = useCallback(
    async (field: string) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      try {
        const found = await walkRecords(
          controller.signal,
          (progress) => setSearch({ field, progress }),
          (walk) => backend.nextFailing({ account, resource, model, field, after: id }, walk),
        );
        if (controller.signal.aborted) {
          return;
        }
        if (found === null) {
          toast(`No other record where ${field} fails`);
        } else {
          onFound(found);
        }
      } catch (error) {
        if (!controller.signal.aborted) {
          toastError(error);
        }
      }
      if (running.current === controller) {
        running.current = null;
        setSearch(null);
      }
    },
    [account, resource, id, model, onFound],
  );
  return { search, find, stop };
}
