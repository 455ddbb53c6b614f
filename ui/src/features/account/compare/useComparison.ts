import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { backend } from "../../../backend";
import { firstRawPage, type RecordKey } from "./useRawTree";

function place(record: RecordKey, failing: string | null = null) {
  return {
    queryKey: ["recordIds", record.account, record.resource, record.id, failing],
    queryFn: () =>
      backend.recordIds(record.account, record.resource, {
        failing_field: failing,
        after: record.id,
        before: null,
      }),
  };
}

function compared(record: RecordKey, model: string) {
  return {
    queryKey: ["compareRecord", record.account, record.resource, record.id, model],
    queryFn: () => backend.compareRecord(record.account, record.resource, record.id, model),
  };
}

/** One record and its neighbours, which are fetched ahead so that J and K show them at once. */
export function useComparison(record: RecordKey, model: string | null) {
  const client = useQueryClient();
  const neighbours = useQuery(place(record));
  const comparison = useQuery({ ...compared(record, model ?? ""), enabled: model !== null });
  const totals = useQuery({
    queryKey: ["fieldTotals", record.account, model, record.resource],
    queryFn: () => backend.fieldTotals(record.account, model ?? "", record.resource),
    enabled: model !== null,
  });
  const { account, resource } = record;
  const { next, previous } = neighbours.data ?? { next: null, previous: null };
  const ready = comparison.data !== undefined;
  useEffect(() => {
    for (const id of ready ? [next, previous] : []) {
      if (id !== null) {
        const ahead = { account, resource, id };
        void client.prefetchQuery(firstRawPage(ahead));
        if (model !== null) {
          void client.prefetchQuery(compared(ahead, model));
        }
      }
    }
  }, [client, ready, account, resource, model, next, previous]);
  return { neighbours, comparison, totals };
}

/** The next record on which a field fails, going round at the end; null where there is none. */
export async function nextFailing(record: RecordKey, field: string, model: string | null): Promise<string | null> {
  const after = await backend.recordIds(record.account, record.resource, {
    failing_field: field,
    after: record.id,
    before: null,
    model,
  });
  if (after.next !== null) {
    return after.next;
  }
  const first = await backend.recordIds(record.account, record.resource, {
    failing_field: field,
    after: null,
    before: null,
    model,
  });
  return first.next;
}
