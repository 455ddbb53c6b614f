import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowLeft, Play } from "lucide-react";
import { useRef, useState } from "react";

import { type ErrorGroup, type LogLine, type RunDetail, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Duration, Time } from "../../../components/Figures";
import { Select } from "../../../components/Select";
import { RunBadge } from "../../../components/StatusBadge";
import { ErrorState, Skeleton } from "../../../components/States";
import { Tabs } from "../../../components/Tabs";
import { count, counted } from "../../../components/formats";
import { CallBrowser } from "../calls/CallBrowser";
import { useAccountPlace } from "../useAccountPlace";
import { linesOf, logText, severityTone } from "./log";
import { isLive } from "./progress";
import { resumeWords } from "./resuming";
import { useResume } from "./useResume";

const LINE = 24;

/** How often the page of a run that goes on is read again. */
const WATCHED_EVERY_MS = 1_000;

/** Records of a cause that are shown before somebody asks for the rest. */
const FIRST = 12;

/** Its parts, as the address names them; it opens on the first. */
const TABS = ["causes", "log", "requests"] as const;

function Totals({ run }: { run: RunDetail }) {
  const totals: [string, string][] = [
    ["stored", count(run.stored)],
    ["fetched", count(run.fetched)],
    ["duplicates", count(run.duplicates)],
    ["errors", count(run.errors)],
    ["requests", count(run.requests)],
    ["retries", count(run.retries)],
    ["rate limited", count(run.rate_limited)],
    ["requests/s", run.requests_per_second.toFixed(1)],
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 px-4 py-2">
      {totals.map(([label, value]) => (
        <div key={label}>
          <dt className="text-micro text-ink-3">{label}</dt>
          <dd className="text-[15px] font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
      <div>
        <dt className="text-micro text-ink-3">took</dt>
        <dd className="text-[15px] font-semibold">
          <Duration ms={run.duration_ms} />
        </dd>
      </div>
    </dl>
  );
}

/** The records of a cause, the first few until the rest is asked for. */
function Records({ group, onRecord }: { group: ErrorGroup; onRecord: (record: string) => void }) {
  const [all, setAll] = useState(false);
  const shown = all ? group.records : group.records.slice(0, FIRST);
  const hidden = group.records.length - shown.length;
  const unnamed = group.count - group.records.length;
  return (
    <p className="mt-1 flex flex-wrap gap-2">
      {shown.map((record) => (
        <button key={record} type="button" className="font-mono text-code text-accent hover:underline" onClick={() => onRecord(record)}>
          {record}
        </button>
      ))}
      {hidden > 0 && (
        <button type="button" className="text-accent hover:underline" onClick={() => setAll(true)}>
          Show {count(hidden)} more
        </button>
      )}
      {hidden === 0 && unnamed > 0 && (
        <span className="text-ink-3">
          {group.records.length === 0 ? "Their ids are not known." : `${counted(unnamed, "more id was not kept", "more ids were not kept")}.`}
        </span>
      )}
    </p>
  );
}

function Causes({ run, onRecord }: { run: RunDetail; onRecord: (record: string) => void }) {
  if (run.error_groups.length === 0) {
    return <p className="p-4 text-ink-2">No record failed in this run.</p>;
  }
  return (
    <ul className="flex flex-col gap-2 p-4">
      {run.error_groups.map((group) => (
        <li key={`${group.cause}:${group.message}`} className="rounded-lg border border-line bg-panel p-3">
          <div className="flex items-center gap-2">
            <span className="font-medium">{group.message}</span>
            <Badge tone="bad">{counted(group.count, "record")}</Badge>
            <code className="font-mono text-code text-ink-3">{group.cause}</code>
          </div>
          {group.hint && <p className="text-ink-2">{group.hint}</p>}
          <Records group={group} onRecord={onRecord} />
        </li>
      ))}
    </ul>
  );
}

function Log({ lines }: { lines: readonly LogLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [severity, setSeverity] = useState("all");
  const shown = linesOf(lines, severity);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 10,
  });
  return (
    <div className="flex h-full flex-col">
      <div className="flex items-center gap-2 px-4 py-2">
        <Select
          label="Lines to show"
          value={severity}
          options={[
            { value: "all", label: "All lines", detail: count(lines.length) },
            { value: "attention", label: "Warnings and errors", detail: count(linesOf(lines, "attention").length) },
          ]}
          onChange={setSeverity}
        />
        <CopyButton text label="Copy the log" command="Copy the log of the run" value={() => logText(shown)} />
      </div>
      <div ref={scroller} role="group" aria-label="Log" tabIndex={0} className="relative min-h-0 flex-1 overflow-auto">
        {shown.length === 0 && <p className="px-4 text-ink-2">No line of this kind.</p>}
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const line = shown[item.index];
            return line ? (
              <div key={item.key} style={{ transform: `translateY(${item.start}px)`, height: LINE }} className="absolute inset-x-0 top-0 flex items-center gap-3 px-4">
                <Time at={line.at} className="w-16 text-ink-3" />
                {severityTone(line.severity) !== "quiet" && <Badge tone={severityTone(line.severity)}>{line.severity}</Badge>}
                <span className="truncate" title={line.message}>
                  {line.message}
                </span>
              </div>
            ) : null;
          })}
        </div>
      </div>
    </div>
  );
}

/** One run: what it did, what went wrong with which records, what it says of itself, and every request. */
export function RunPage({ account, run: id, onBack }: { account: string; run: string; onBack: () => void }) {
  const place = useAccountPlace(account);
  const run = useQuery({
    queryKey: ["run", id],
    queryFn: () => backend.run(id),
    refetchInterval: ({ state }) => (state.data && isLive(state.data.status) ? WATCHED_EVERY_MS : false),
  });
  const { resume, busy, dialog } = useResume();
  const call = Number(place.get("call"));
  const open = Number.isInteger(call) && call > 0 ? call : null;
  const given = place.get("tab");
  const tab = TABS.find((each) => each === given) ?? (open === null ? TABS[0] : "requests");
  if (run.error) {
    return <ErrorState error={run.error} onRetry={() => void run.refetch()} />;
  }
  if (!run.data) {
    return <Skeleton className="p-4" lines={8} />;
  }
  const data = run.data;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-3">
        <Button small tone="ghost" command="Back to the runs" icon={<ArrowLeft size={14} aria-hidden />} onClick={onBack}>
          Runs
        </Button>
        <h2 className="font-semibold">
          {data.mode} sync of {data.resource}
        </h2>
        <RunBadge status={data.status} />
        <Time at={data.started_at} className="text-ink-3" />
        <CopyButton label="Copy the run's id" command="Copy the run's id" value={data.run} />
        {data.resume && (
          <span className="ml-auto flex min-w-0 items-center gap-2">
            <span className="truncate text-ink-3">{resumeWords(data.resume)}</span>
            <Button
              small
              command={`Resume the ${data.mode} sync of ${data.resource}`}
              icon={<Play size={13} aria-hidden />}
              busy={busy !== null}
              onClick={() => resume(data.run)}
            >
              Resume
            </Button>
          </span>
        )}
      </div>
      <Totals run={data} />
      {data.error && (
        <div className="px-4 pb-2">
          <ErrorState
            compact
            error={data.error}
            action={
              <Button command={`Go to the sync of ${data.resource}`} onClick={() => place.open("sync", { resource: data.resource })}>
                Go to sync
              </Button>
            }
          />
        </div>
      )}
      <Tabs
        label="Of this run"
        value={tab}
        onChange={(chosen) => place.change("sync", { tab: chosen })}
        tabs={[
          {
            value: "causes",
            label: `Errors by cause (${count(data.errors)})`,
            content: <Causes run={data} onRecord={(record) => place.open("compare", { resource: data.resource, record })} />,
          },
          { value: "log", label: "Log", content: <Log lines={data.log} /> },
          {
            value: "requests",
            label: `Requests (${count(data.requests)})`,
            content: (
              <div className="flex h-full flex-col">
                <CallBrowser
                  label="Requests"
                  // A run that goes on has more of them from one look to the next.
                  queryKey={["runCalls", id, data.requests]}
                  fetch={(offset, limit) => backend.runCalls(id, offset, limit)}
                  open={open}
                  onOpen={(seq) => place.change("sync", { call: seq === null ? null : String(seq) })}
                  empty={<p className="p-4 text-ink-2">This run sent nothing; its log says why.</p>}
                />
              </div>
            ),
          },
        ]}
      />
      {dialog}
    </div>
  );
}
