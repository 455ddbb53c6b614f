import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { type RunView, backend } from "../../../backend";
import { Duration, Time } from "../../../components/Figures";
import { NewestShown } from "../../../components/NewestShown";
import { RunBadge } from "../../../components/StatusBadge";
import { ErrorState, Skeleton } from "../../../components/States";
import { type Column, Table } from "../../../components/Table";
import { count } from "../../../components/formats";

/** How many are shown before somebody asks for more, how many more each time, and how many at most. */
const AT_ONCE = 500;
const MOST = 10_000;

const COLUMNS: Column<RunView>[] = [
  { key: "status", label: "Status", width: "104px", sort: (run) => run.status, cell: (run) => <RunBadge status={run.status} /> },
  { key: "resource", label: "Resource", width: "minmax(120px,1fr)", sort: (run) => run.resource, cell: (run) => run.resource },
  { key: "mode", label: "Mode", width: "100px", sort: (run) => run.mode, cell: (run) => run.mode },
  { key: "started", label: "Started", width: "96px", sort: (run) => run.started_at, cell: (run) => <Time at={run.started_at} className="text-ink-2" /> },
  { key: "stored", label: "Records", width: "88px", align: "right", sort: (run) => run.stored, cell: (run) => count(run.stored) },
  {
    key: "errors",
    label: "Errors",
    width: "72px",
    align: "right",
    sort: (run) => run.errors,
    cell: (run) => <span className={run.errors > 0 ? "text-bad" : ""}>{count(run.errors)}</span>,
  },
  { key: "requests", label: "Requests", width: "84px", align: "right", sort: (run) => run.requests, cell: (run) => count(run.requests) },
  { key: "took", label: "Took", width: "84px", align: "right", sort: (run) => run.duration_ms, cell: (run) => <Duration ms={run.duration_ms} /> },
];

/** The runs of an account, newest first. */
export function RunHistory({ account, resource, onOpen }: { account: string; resource: string | null; onOpen: (run: string) => void }) {
  const [limit, setLimit] = useState(AT_ONCE);
  const runs = useQuery({
    queryKey: ["runs", account, resource, limit],
    queryFn: () => backend.runs({ account, resource, limit }),
    placeholderData: (old) => old,
  });
  if (runs.error) {
    return <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />;
  }
  if (!runs.data) {
    return <Skeleton className="p-3" />;
  }
  return (
    <>
      <Table
        label="Runs"
        columns={COLUMNS}
        rowKey={(run) => run.run}
        rows={runs.data}
        rowHeight={30}
        onOpen={(run) => onOpen(run.run)}
        empty={<p className="p-4 text-ink-2">No run yet: start a test sync above.</p>}
        className="flex-1"
      />
      <NewestShown
        of="runs of this resource"
        className="border-t border-line px-4 py-1.5"
        shown={runs.data.length}
        cut={runs.data.length >= limit}
        next={limit < MOST ? limit + AT_ONCE : null}
        busy={runs.isPlaceholderData}
        onMore={setLimit}
        elsewhere={
          <>
            <code className="font-mono text-code">xwalk runs {account} --limit N</code> lists more.
          </>
        }
      />
    </>
  );
}
