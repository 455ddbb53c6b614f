import type { OverviewRow } from "../../backend";
import { KindBadge } from "../../components/Badge";
import { AccountCoverage, Sparkline, Time, TokenClock } from "../../components/Figures";
import { StatusBadge } from "../../components/StatusBadge";
import type { Column } from "../../components/Table";
import { count, counted, percent, short } from "../../components/formats";
import { attention } from "./attention";

function Name({ row }: { row: OverviewRow }) {
  return (
    <span className="block leading-[15px]">
      <span className="block truncate font-medium" title={row.tenant_name}>
        {row.tenant_name}
      </span>
      <span className="flex items-baseline gap-1 text-micro/[14px] text-ink-3">
        <span className="truncate" title={row.id}>
          {row.id}
        </span>
        <span aria-hidden>·</span>
        {/* Where room is short, the id keeps its own the longest. */}
        <span className="min-w-8 shrink-[20] truncate" title={row.connector_label}>
          {row.connector_label}
        </span>
        <span aria-hidden>·</span>
        <KindBadge kind={row.kind} />
        {row.environment && (
          <>
            <span aria-hidden>·</span>
            <span className="min-w-8 shrink-[20] truncate" title={row.environment}>
              {row.environment}
            </span>
          </>
        )}
      </span>
    </span>
  );
}

function LastRun({ row }: { row: OverviewRow }) {
  const run = row.last_run;
  if (!run) {
    return <span className="text-ink-3">never</span>;
  }
  const failed = run.status === "failed";
  const word = failed
    ? "failed"
    : run.errors > 0
      ? counted(run.errors, "error")
      : run.status === "completed"
        ? "clean"
        : run.status;
  return (
    <span className="block leading-[15px]">
      <span className={`block truncate font-medium ${failed || run.errors > 0 ? "text-bad" : ""}`}>
        {word}
      </span>
      <span className="flex text-micro/[14px] text-ink-3" title={`${counted(run.stored, "record")} stored`}>
        <span className="whitespace-pre">
          +{short(run.stored)}
          {run.ended_at ? (
            <>
              {" · "}
              <Time at={run.ended_at} />
            </>
          ) : (
            " so far"
          )}
        </span>
      </span>
    </span>
  );
}

/**
 * The columns of the overview; `now` decides the order of clocks and of attention. Their least widths together fit the
 * window as it opens first.
 */
export function overviewColumns(now: number): Column<OverviewRow>[] {
  const endOf = (clock: OverviewRow["token"]) =>
    clock?.expires_at ? Date.parse(clock.expires_at) : null;
  return [
    {
      key: "name",
      label: "Tenant / account",
      width: "minmax(190px,2fr)",
      sort: (row) => `${row.tenant_name} ${row.id}`,
      cell: (row) => <Name row={row} />,
    },
    {
      key: "status",
      label: "Status",
      width: "minmax(128px,1fr)",
      sort: (row) => attention(row, now),
      cell: (row) => <StatusBadge status={row.status} healthy={row.healthy} />,
    },
    {
      key: "token",
      label: "Access token",
      width: "minmax(120px,1fr)",
      sort: (row) => endOf(row.token),
      cell: (row) => (
        <TokenClock clock={row.token} none={row.auth === "api_key" ? "API key" : "no token yet"} />
      ),
    },
    {
      key: "refresh",
      label: "Refresh token",
      width: "minmax(120px,1fr)",
      sort: (row) => endOf(row.refresh_token),
      cell: (row) => <TokenClock clock={row.refresh_token} none="n/a" />,
    },
    {
      key: "run",
      label: "Last run",
      width: "minmax(128px,1fr)",
      descendingFirst: true,
      sort: (row) => (row.last_run?.ended_at ? Date.parse(row.last_run.ended_at) : null),
      cell: (row) => <LastRun row={row} />,
    },
    {
      key: "records",
      label: "Records",
      width: "88px",
      align: "right",
      descendingFirst: true,
      sort: (row) => row.records,
      cell: (row) =>
        row.records > 0 ? count(row.records) : <span className="text-ink-3">–</span>,
    },
    {
      key: "headroom",
      label: "Rate headroom",
      width: "112px",
      descendingFirst: true,
      sort: (row) => (row.headroom.length > 0 ? Math.max(...row.headroom) : null),
      cell: (row) => <Sparkline values={row.headroom} label="Used share of the rate limit" />,
    },
    {
      key: "coverage",
      label: "Coverage",
      width: "minmax(108px,1fr)",
      sort: (row) => (row.coverage ? percent(row.coverage.filled, row.coverage.of) : null),
      cell: (row) =>
        row.coverage ? (
          <AccountCoverage coverage={row.coverage} />
        ) : (
          <span className="text-ink-3">–</span>
        ),
    },
  ];
}
