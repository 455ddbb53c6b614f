import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { backend } from "../../../backend";
import { type WalkProgress, walkRecords } from "./recordWalk";

/** The first time all records of a resource are evaluated; below this it is over before anybody reads how far it is. */
const TOLD_FROM = 1_000;

/** How a model's fields come out over all stored records; counted in the background, told of, and stopped at will. */
export function useFieldTotals(account: string, resource: string, model: string | null) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<WalkProgress | null>(null);
  const queryKey = ["fieldTotals", account, model, resource];
  const totals = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      try {
        return await walkRecords(signal, setProgress, (walk) =>
          backend.fieldTotals(account, model ?? "", resource, walk),
        );
      } finally {
        setProgress(null);
      }
    },
    enabled: model !== null,
  });
  return {
    totals: totals.data,
    progress: totals.isFetching && progress !== null && progress.total >= TOLD_FROM ? progress : null,
    stop: () => void client.cancelQueries({ queryKey }),
    /** Set once counting was stopped: begins it again. */
    again: model !== null && totals.data === undefined && !totals.isFetching ? () => void totals.refetch() : null,
  };
}
