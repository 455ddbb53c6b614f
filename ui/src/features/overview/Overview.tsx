import { useQuery } from "@tanstack/react-query";
import { Building2, Plus } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";

import { Screen } from "../../app/Screen";
import { EVERYTHING, isChosen, useEnvironment } from "../../app/environment";
import { accountHref, useGo } from "../../app/go";
import { matches } from "../../app/match";
import { useStored } from "../../app/place";
import { useCall, useOverview, useTenants, useWorkspace } from "../../app/queries";
import { type OverviewRow, backend } from "../../backend";
import { Button } from "../../components/Button";
import { Input } from "../../components/Field";
import { LIST_ROW, TableFrame } from "../../components/ListFrame";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { Table } from "../../components/Table";
import type { Sorting } from "../../components/sorting";
import { Checkbox } from "../../components/Toggles";
import { count, counted } from "../../components/formats";
import { useNow } from "../../components/now";
import { Offer } from "../../keyboard/Offer";
import { FirstRun } from "../start/FirstRun";
import { GuidedStart } from "../start/GuidedStart";
import { SandboxStopped } from "../start/SandboxStopped";
import { byAttention, byTenant, gathered } from "./attention";
import { overviewColumns } from "./columns";

function Tile({ label, value, tone = "" }: { label: string; value: number; tone?: string }) {
  return (
    <div className="min-w-0 rounded-lg border border-line bg-panel px-3.5 py-2.5">
      <dt className="truncate text-[12px] text-ink-2">{label}</dt>
      <dd className={`text-figure font-semibold tabular-nums ${value > 0 ? tone : ""}`}>
        {count(value)}
      </dd>
    </div>
  );
}

function Totals() {
  const totals = useQuery({
    queryKey: ["overviewTotals"],
    queryFn: () => backend.overviewTotals(),
  });
  if (!totals.data) {
    const again = () => void totals.refetch();
    return totals.error && <ErrorState compact error={totals.error} onRetry={again} />;
  }
  const { need_someone, tokens_past_threshold, refresh_due_soon, records_today } = totals.data;
  return (
    <dl className="grid shrink-0 grid-cols-4 gap-3">
      <Tile label="Need someone" value={need_someone} tone="text-bad" />
      <Tile label="Access tokens due" value={tokens_past_threshold} tone="text-warn" />
      <Tile label="Refresh tokens due soon" value={refresh_due_soon} />
      <Tile label="Records synced today" value={records_today} />
    </dl>
  );
}

// The panel hugs its rows while they fit the window.
const HEADING = 30;

interface View {
  group: boolean;
  column: string | null;
  descending: boolean;
}

const NEW_VIEW: View = { group: false, column: null, descending: false };

function Accounts({ rows, tenants }: { rows: OverviewRow[]; tenants: number }) {
  const go = useGo();
  const now = useNow();
  const [view, setView] = useStored<View>("overview", NEW_VIEW);
  const [environment, setEnvironment] = useEnvironment();
  const [filter, setFilter] = useState("");
  // Clocks move the order by the minute at most; sorting 500 rows on every tick would be waste.
  const minute = Math.floor(now / 60_000) * 60_000;
  const columns = useMemo(() => overviewColumns(minute), [minute]);
  const sorting: Sorting | null = useMemo(
    () => (view.column ? { column: view.column, descending: view.descending } : null),
    [view],
  );
  const shown = useMemo(() => {
    const found = rows.filter(
      (row) =>
        isChosen(environment, row) &&
        matches(
          filter,
          `${row.tenant_name} ${row.id} ${row.connector_label} ${row.kind} ${row.environment ?? ""} ${row.status.replaceAll("_", " ")}`,
        ),
    );
    if (view.group) {
      return gathered(sorting ? found.toSorted(byTenant) : byAttention(found, minute));
    }
    return byAttention(found, minute);
  }, [rows, environment, filter, view.group, sorting, minute]);
  const groupThem = (together: boolean) => {
    setView({ ...view, group: together, column: null });
  };
  const group = (row: OverviewRow): { key: string; heading: ReactNode } => ({
    key: row.tenant,
    heading: <span className="font-medium">{row.tenant_name}</span>,
  });
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="text-title font-semibold">
          {counted(rows.length, "account")} of {counted(tenants, "tenant")}
        </h2>
        <Input
          aria-label="Filter accounts"
          placeholder="Filter"
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value);
          }}
          className="ml-auto max-w-52"
        />
        <Checkbox
          checked={view.group}
          label="Group by tenant"
          onChange={groupThem}
        />
        <Offer
          label={view.group ? "List the accounts without their tenants" : "Group the accounts by tenant"}
          run={() => {
            groupThem(!view.group);
          }}
        />
      </div>
      <Totals />
      <TableFrame height={shown.length * LIST_ROW + (view.group ? tenants * HEADING : 0)}>
        <Table
          label="Accounts"
          columns={columns}
          rows={shown}
          rowKey={(row) => row.id}
          rowHeight={LIST_ROW}
          sorting={sorting}
          onSort={(next) => {
            // A sorting across tenants and headings of tenants exclude each other.
            setView({
              group: next ? false : view.group,
              column: next?.column ?? null,
              descending: next?.descending ?? false,
            });
          }}
          {...(view.group ? { group } : {})}
          onOpen={(row) => {
            go(accountHref(row.id));
          }}
          empty={
            <EmptyState
              title="No account matches"
              action={
                <Button
                  command="Show all accounts"
                  onClick={() => {
                    setFilter("");
                    setEnvironment(EVERYTHING);
                  }}
                >
                  Show all accounts
                </Button>
              }
            />
          }
        />
      </TableFrame>
    </>
  );
}

/** Every account of the workspace and how it does, what needs someone first. */
export function Overview() {
  const go = useGo();
  const overview = useOverview();
  const tenants = useTenants();
  const workspace = useWorkspace();
  const call = useCall();
  const error = overview.error ?? tenants.error;
  const fresh = tenants.data?.length === 0 && !call.data;
  const connect = () => {
    go("/connect");
  };
  return (
    <Screen
      title="Overview"
      environments={!fresh}
      fixed
      actions={
        !fresh && (
          <Button tone="primary" command="Connect account" icon={<Plus size={14} aria-hidden />} onClick={connect}>
            Connect account
          </Button>
        )
      }
    >
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void overview.refetch();
            void tenants.refetch();
          }}
        />
      ) : !overview.data || !tenants.data ? (
        <Skeleton lines={8} className="p-6" />
      ) : fresh ? (
        <FirstRun folder={workspace.data?.folder} />
      ) : overview.data.length === 0 ? (
        <EmptyState
          icon={<Building2 size={28} strokeWidth={1.6} aria-hidden />}
          title="No account is connected yet"
          action={
            <Button tone="primary" command="Connect the first account" onClick={connect}>
              Connect the first account
            </Button>
          }
        >
          {counted(tenants.data.length, "tenant")} waiting. A read-only credential and a minute are
          all it takes.
        </EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-3.5 px-5 pt-4 pb-5">
          <SandboxStopped />
          <GuidedStart rows={overview.data} />
          <Accounts rows={overview.data} tenants={tenants.data.length} />
        </div>
      )}
    </Screen>
  );
}
