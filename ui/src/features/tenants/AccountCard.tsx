import { HrefLink, accountHref } from "../../app/go";
import type { OverviewRow } from "../../backend";
import { KindBadge } from "../../components/Badge";
import { AccountCoverage, Time, TokenClock } from "../../components/Figures";
import { StatusBadge } from "../../components/StatusBadge";
import { count } from "../../components/formats";

/** One account of a tenant at a glance; the whole card opens it. */
export function AccountCard({ row }: { row: OverviewRow }) {
  const facts: [string, React.ReactNode][] = [
    ["Records", row.records > 0 ? count(row.records) : "none yet"],
    ["Last run", row.last_run?.ended_at ? <Time key="run" at={row.last_run.ended_at} /> : "never"],
    [
      "Coverage",
      row.coverage ? (
        <AccountCoverage key="coverage" coverage={row.coverage} />
      ) : (
        "not known yet"
      ),
    ],
  ];
  return (
    <article className="relative rounded-lg border border-line bg-panel p-3 hover:border-line-strong">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0 leading-[17px]">
          <HrefLink
            href={accountHref(row.id)}
            className="block truncate font-semibold after:absolute after:inset-0 after:rounded-lg"
          >
            {row.id}
          </HrefLink>
          <span className="flex gap-1.5">
            <KindBadge kind={row.kind} />
            {row.environment && <span className="text-micro text-ink-3">{row.environment}</span>}
          </span>
        </div>
        <StatusBadge status={row.status} healthy={row.healthy} />
      </div>
      <div className="mt-3 flex gap-6">
        <TokenClock clock={row.token} none={row.auth === "api_key" ? "API key" : "no token yet"} />
        {row.refresh_token && <TokenClock clock={row.refresh_token} none="n/a" />}
      </div>
      <dl className="mt-3 grid grid-cols-[72px_1fr] gap-y-0.5 text-[12px]">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
