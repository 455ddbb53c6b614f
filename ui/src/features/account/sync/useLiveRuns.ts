import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { type RunProgress, listen } from "../../../backend";
import { isLive } from "./progress";

/** The runs of an account that were heard of since the tab was opened, the latest first. */
export function useLiveRuns(account: string): RunProgress[] {
  const client = useQueryClient();
  const [runs, setRuns] = useState<RunProgress[]>([]);
  useEffect(
    () =>
      listen("run-progress", (progress) => {
        if (progress.account === account) {
          setRuns((old) =>
            old.some((run) => run.run === progress.run)
              ? old.map((run) => (run.run === progress.run ? progress : run))
              : [progress, ...old],
          );
          if (!isLive(progress.status)) {
            // Everything that was read of the records is older than the run now.
            for (const name of ["runs", "run", "resources", "columns", "recordIds", "compareRecord", "rawPage", "fieldTotals", "calls"]) {
              void client.invalidateQueries({ queryKey: [name] });
            }
          }
        }
      }),
    [account, client],
  );
  return runs;
}
