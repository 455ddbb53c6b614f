import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useMemo, useState } from "react";

import { Screen } from "../../app/Screen";
import { EVERYTHING, isChosen, useEnvironment } from "../../app/environment";
import { accountHref, useGo } from "../../app/go";
import { matches } from "../../app/match";
import { useStored } from "../../app/place";
import { useAccounts, useTenants } from "../../app/queries";
import { type RunView, backend } from "../../backend";
import { KindBadge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Input } from "../../components/Field";
import { Duration, Time } from "../../components/Figures";
import { LIST_ROW, ListFrame } from "../../components/ListFrame";
import { NewestShown } from "../../components/NewestShown";
import { Select } from "../../components/Select";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { RunBadge } from "../../components/StatusBadge";
import { type Column, Table } from "../../components/Table";
import { count, exact } from "../../components/formats";
import { useResume } from "../account/sync/useResume";

/** How many are shown before somebody asks for more, how many more each time, and how many at most. */
const AT_ONCE = 1_000;
const MOST = 10_000;

const STATES = ["running", "paused", "failed", "cancelled", "completed"];

interface Line extends RunView {
  tenant: string;
  kind: string;
  environment: string | null;
}

const COLUMNS: Column<Line>[] = [
  {
    key: "account",
    label: "Tenant / account",
    width: "minmax(180px,2fr)",
    sort: (run) => `${run.tenant} ${run.account}`,
    cell: (run) => (
      <span className="block leading-[15px]">
        <span className="block truncate font-medium">{run.tenant}</span>
        <span className="flex items-baseline gap-1 text-micro/[14px] text-ink-3">
          <span className="truncate">{run.account}</span>
          <span aria-hidden>·</span>
          <KindBadge kind={run.kind} />
        </span>
      </span>
    ),
  },
  {
    key: "resource",
    label: "Resource",
    width: "minmax(110px,1fr)",
    sort: (run) => run.resource,
    cell: (run) => run.resource,
  },
  {
    key: "mode",
    label: "Mode",
    width: "minmax(84px,0.6fr)",
    sort: (run) => run.mode,
    cell: (run) => run.mode,
  },
  {
    key: "status",
    label: "Status",
    width: "112px",
    sort: (run) => STATES.indexOf(run.status),
    cell: (run) => <RunBadge status={run.status} />,
  },
  {
    key: "started",
    label: "Started",
    width: "92px",
    descendingFirst: true,
    sort: (run) => Date.parse(run.started_at),
    cell: (run) => <Time at={run.started_at} />,
  },
  {
    key: "stored",
    label: "Stored",
    width: "84px",
    align: "right",
    descendingFirst: true,
    sort: (run) => run.stored,
    cell: (run) => count(run.stored),
  },
  {
    key: "errors",
    label: "Errors",
    width: "76px",
    align: "right",
    descendingFirst: true,
    sort: (run) => run.errors,
    cell: (run) => (
      <span className={run.errors > 0 ? "text-bad" : "text-ink-3"}>{count(run.errors)}</span>
    ),
  },
  {
    key: "requests",
    label: "Requests",
    width: "88px",
    align: "right",
    descendingFirst: true,
    sort: (run) => run.requests,
    cell: (run) => count(run.requests),
  },
  {
    key: "duration",
    label: "Took",
    width: "100px",
    align: "right",
    descendingFirst: true,
    sort: (run) => run.duration_ms,
    cell: (run) => <Duration ms={run.duration_ms} />,
  },
];

/** The column in which a paused run is taken up again. */
function resumeColumn(busy: string | null, resume: (run: string) => void): Column<Line> {
  return {
    key: "resume",
    label: "Resume",
    name: "Resume",
    width: "92px",
    cell: (run) =>
      run.status === "paused" && (
        <Button
          small
          busy={busy === run.run}
          aria-label={`Resume the sync of ${run.resource}`}
          command={`Resume the ${run.mode} sync of ${run.resource} of ${run.account}, started ${exact(run.started_at)}`}
          onClick={() => resume(run.run)}
        >
          Resume
        </Button>
      ),
  };
}

/** The syncs of every account, newest first. */
export function Runs() {
  const go = useGo();
  const { resume, busy, dialog } = useResume();
  const [limit, setLimit] = useState(AT_ONCE);
  const runs = useQuery({
    queryKey: ["runs", null, null, limit],
    queryFn: () => backend.runs({ account: null, resource: null, limit }),
    placeholderData: (old) => old,
  });
  const accounts = useAccounts();
  const tenants = useTenants();
  const [status, setStatus] = useStored("runs:status", "all");
  const [environment, setEnvironment] = useEnvironment();
  const [filter, setFilter] = useState("");
  const lines = useMemo(() => {
    const names = new Map(tenants.data?.map((tenant) => [tenant.id, tenant.name]));
    const known = new Map(accounts.data?.map((account) => [account.id, account]));
    return (runs.data ?? [])
      .map((run): Line => {
        const account = known.get(run.account);
        return {
          ...run,
          tenant: names.get(account?.tenant ?? "") ?? account?.tenant ?? "",
          kind: account?.kind ?? "",
          environment: account?.environment ?? null,
        };
      })
      .filter(
        (run) =>
          (status === "all" || run.status === status) &&
          isChosen(environment, run) &&
          matches(filter, `${run.tenant} ${run.account} ${run.resource} ${run.mode} ${run.status}`),
      );
  }, [runs.data, accounts.data, tenants.data, status, environment, filter]);
  const error = runs.error ?? accounts.error ?? tenants.error;
  return (
    <Screen title="Runs" environments fixed>
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void runs.refetch();
            void accounts.refetch();
            void tenants.refetch();
          }}
        />
      ) : !runs.data || !accounts.data || !tenants.data ? (
        <Skeleton lines={8} className="p-6" />
      ) : runs.data.length === 0 ? (
        <EmptyState
          icon={<RefreshCw size={28} strokeWidth={1.6} aria-hidden />}
          title="Nothing was synced yet"
          action={
            <Button
              tone="primary"
              command="Choose an account"
              onClick={() => {
                go("/");
              }}
            >
              Choose an account
            </Button>
          }
        >
          Open an account and start a test sync: it reads a few pages and changes nothing at the
          customer.
        </EmptyState>
      ) : (
        <ListFrame
          rows={lines.length}
          filters={
            <>
              <Input
                aria-label="Filter runs"
                placeholder="Filter"
                value={filter}
                onChange={(event) => {
                  setFilter(event.target.value);
                }}
                className="max-w-64"
              />
              <Select
                label="Status"
                value={status}
                className="w-36"
                options={[
                  { value: "all", label: "Any status" },
                  ...STATES.map((state) => ({ value: state, label: state })),
                ]}
                onChange={setStatus}
              />
              <NewestShown
                of="runs"
                className="ml-auto"
                shown={runs.data.length}
                cut={runs.data.length >= limit}
                next={limit < MOST ? limit + AT_ONCE : null}
                busy={runs.isPlaceholderData}
                onMore={setLimit}
                elsewhere="Older ones are on the Sync tab of their account."
              />
            </>
          }
        >
          <Table
            label="Runs"
            columns={[...COLUMNS, resumeColumn(busy, resume)]}
            rows={lines}
            rowKey={(run) => run.run}
            rowHeight={LIST_ROW}
            onOpen={(run) => {
              go(accountHref(run.account, "sync", { resource: run.resource, run: run.run }));
            }}
            empty={
              <EmptyState
                title="No run matches"
                action={
                  <Button
                    command="Show all runs"
                    onClick={() => {
                      setFilter("");
                      setStatus("all");
                      setEnvironment(EVERYTHING);
                    }}
                  >
                    Show all runs
                  </Button>
                }
              />
            }
          />
        </ListFrame>
      )}
      {dialog}
    </Screen>
  );
}
