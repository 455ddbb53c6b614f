import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { backend } from "../../../backend";
import { firstRawPage, type RecordKey } from "./useRawTree";

function place(record: RecordKey) {
  return {
    queryKey: ["recordIds", record.account, record.resource, record.id, null],
    queryFn: () => backend.recordIds(record.account, record.resource, { after: record.id, before: null }),
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
  return { neighbours, comparison };
}
