import type { AccountCoverage as Coverage, Clock } from "../backend";
import { type ClockReading, readClock } from "./clocks";
import { amount, bytes, count, counted, duration, exact, percent, relative } from "./formats";
import { useNow } from "./now";

/** A time as a distance from now, its exact local time and zone on hover. */
export function Time({ at, className = "" }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exact(at)} className={`whitespace-nowrap ${className}`}>
      {relative(at, now)}
    </time>
  );
}

/** A decimal held in text, every digit kept. */
export function Amount({ value, currency }: { value: string; currency?: string | null }) {
  return (
    <span className="whitespace-nowrap tabular-nums" title={value}>
      {amount(value, currency)}
    </span>
  );
}

/** A size in bytes. */
export function Bytes({ value }: { value: number }) {
  return (
    <span className="whitespace-nowrap tabular-nums" title={counted(value, "byte")}>
      {bytes(value)}
    </span>
  );
}

/** A time span in milliseconds. */
export function Duration({ ms }: { ms: number }) {
  return (
    <span className="whitespace-nowrap tabular-nums" title={`${count(ms)} ms`}>
      {duration(ms)}
    </span>
  );
}

const STROKES: Record<ClockReading["tone"], string> = {
  ok: "stroke-ok",
  warn: "stroke-warn",
  bad: "stroke-bad",
  quiet: "stroke-ink-3",
};

/** The ring that empties over a token's life, with a notch where its renewal falls due. */
export function ClockRing({ reading, size = 20 }: { reading: ClockReading; size?: number }) {
  const radius = 7.5;
  const around = 2 * Math.PI * radius;
  const left = reading.left ?? 1;
  // The ring runs clockwise from the top: what is gone is empty, so what is left ends at the top again.
  const turn = (reading.mark ?? 0) * 2 * Math.PI - Math.PI / 2;
  return (
    <svg aria-hidden viewBox="0 0 20 20" width={size} height={size} className="shrink-0">
      <circle cx="10" cy="10" r={radius} fill="none" strokeWidth="2.5" className="stroke-line" />
      {reading.tone === "bad" ? (
        <circle cx="10" cy="10" r={radius} fill="none" strokeWidth="2.5" className="stroke-bad" />
      ) : (
        <circle
          cx="10"
          cy="10"
          r={radius}
          fill="none"
          strokeWidth="2.5"
          strokeLinecap={left >= 1 ? "butt" : "round"}
          strokeDasharray={`${String(left * around)} ${String(around)}`}
          transform={`rotate(${String(-90 + (1 - left) * 360)} 10 10)`}
          className={STROKES[reading.tone]}
        />
      )}
      {reading.mark !== null && (
        <line
          x1={10 + Math.cos(turn) * 5}
          y1={10 + Math.sin(turn) * 5}
          x2={10 + Math.cos(turn) * 10}
          y2={10 + Math.sin(turn) * 10}
          strokeWidth="1.5"
          className="stroke-ink-2"
        />
      )}
    </svg>
  );
}

/** A token's ring with its age and what is left; `none` stands where there is no token. */
export function TokenClock({ clock, none }: { clock: Clock | null; none: string }) {
  const now = useNow();
  if (!clock) {
    return <span className="text-ink-3">{none}</span>;
  }
  const reading = readClock(clock, now);
  const until = clock.expires_at ? `, expires ${exact(clock.expires_at)}` : "";
  const due = clock.renew_at ? `, renewal due ${exact(clock.renew_at)}` : "";
  return (
    <span
      className="flex items-center gap-2"
      title={`Obtained ${exact(clock.obtained_at)}${due}${until}`}
    >
      <ClockRing reading={reading} />
      <span className="min-w-0 leading-[15px]">
        <span className="block truncate font-medium">{reading.age}</span>
        <span className="block truncate text-micro/[14px] text-ink-3">{reading.rest}</span>
      </span>
    </span>
  );
}

/** Shares of a budget, 0 to 1, oldest first, on a line whose top is the whole budget. */
export function Sparkline({
  values,
  label,
  width = 84,
  height = 22,
}: {
  values: number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const peak = Math.max(0, ...values);
  const tone = peak >= 0.95 ? "stroke-bad" : peak >= 0.75 ? "stroke-warn" : "stroke-ok";
  const step = values.length > 1 ? (width - 2) / (values.length - 1) : 0;
  const y = (share: number) => height - 2 - Math.min(1, Math.max(0, share)) * (height - 5);
  const points = values
    .map((share, index) => `${(1 + index * step).toFixed(1)},${y(share).toFixed(1)}`)
    .join(" ");
  return (
    <svg
      role="img"
      aria-label={`${label}: peak ${String(percent(peak, 1))} %`}
      width={width}
      height={height}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
    >
      <line x1="1" x2={width - 1} y1={y(1)} y2={y(1)} strokeDasharray="2 3" className="stroke-line" />
      {values.length > 1 && (
        <polyline points={points} fill="none" strokeWidth="1.5" strokeLinejoin="round" className={tone} />
      )}
    </svg>
  );
}

/** An account's coverage: mapped values that are filled, over a sample of its newest records. */
export function AccountCoverage({ coverage }: { coverage: Coverage }) {
  const records = `in the ${counted(coverage.records, "record")} with the highest ids`;
  return (
    <CoverageBar
      filled={coverage.filled}
      of={coverage.of}
      over={`counted ${records} (200 of each resource at most), ${exact(coverage.at)}`}
    />
  );
}

/** How much of something is filled, as a bar and a percentage; `over` says on hover what that was counted over. `plain`: little is not bad. */
export function CoverageBar({ filled, of, over, plain = false }: { filled: number; of: number; over?: string; plain?: boolean }) {
  if (of === 0) {
    return <span className="text-ink-3">–</span>;
  }
  const share = percent(filled, of);
  const tone = plain ? "bg-accent" : share >= 90 ? "bg-ok" : share >= 60 ? "bg-warn" : "bg-bad";
  return (
    <span
      className="flex items-center gap-2 tabular-nums"
      title={`${count(filled)} of ${count(of)} filled${over ? `, ${over}` : ""}`}
    >
      <span aria-hidden className="h-1 w-20 shrink overflow-hidden rounded-full bg-line">
        <span className={`block h-full rounded-full ${tone}`} style={{ width: `${String(share)}%` }} />
      </span>
      <span className="w-9 text-right">{share}%</span>
    </span>
  );
}
