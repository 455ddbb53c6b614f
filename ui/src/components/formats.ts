/** Numbers, sizes and times in human units. Every function is pure; `now` is milliseconds since 1970. */

const GROUPED = new Intl.NumberFormat("en-GB");
const EXACT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** `12,418`. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** The same where room is short: from 10,000 on `12.4k`, `3.1m`; never more than there are. */
export function short(value: number): string {
  if (value < 10_000) {
    return count(value);
  }
  const [unit, letter] = value < 1_000_000 ? [1000, "k"] : [1_000_000, "m"];
  const tenths = Math.floor(value / (unit / 10)) / 10;
  return `${tenths < 100 ? tenths.toFixed(1) : count(Math.floor(tenths))}${letter}`;
}

/** A word with its count: `1 record`, `12,418 records`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A decimal in text, grouped without passing through a float: `18250.40` becomes `18,250.40`. */
export function amount(value: string, currency?: string | null): string {
  const match = /^([+-]?)(\d+)(\.\d+)?$/.exec(value.trim());
  const shown = match
    ? `${match[1] === "-" ? "−" : ""}${(match[2] ?? "").replaceAll(/\B(?=(\d{3})+$)/g, ",")}${match[3] ?? ""}`
    : value;
  return currency ? `${shown} ${currency}` : shown;
}

/** `21 KB`, in powers of 1,000. */
export function bytes(value: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || scaled >= 9.95 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${units[unit] ?? ""}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two largest units of a time span in milliseconds: `7 h 26 min`, `84 d`, `840 ms`. */
export function duration(ms: number): string {
  if (ms < SECOND) {
    return `${String(Math.round(ms))} ms`;
  }
  if (ms < 10 * SECOND) {
    return `${(ms / SECOND).toFixed(1)} s`;
  }
  if (ms < MINUTE) {
    return `${String(Math.floor(ms / SECOND))} s`;
  }
  if (ms < HOUR) {
    const seconds = Math.floor((ms % MINUTE) / SECOND);
    const minutes = Math.floor(ms / MINUTE);
    return minutes < 5 && seconds > 0
      ? `${String(minutes)} min ${String(seconds)} s`
      : `${String(minutes)} min`;
  }
  if (ms < DAY) {
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    const hours = `${String(Math.floor(ms / HOUR))} h`;
    return minutes > 0 ? `${hours} ${String(minutes)} min` : hours;
  }
  return `${String(Math.floor(ms / DAY))} d`;
}

/** The largest unit only: `7 h`. */
export function roughly(ms: number): string {
  if (ms < MINUTE) {
    return `${String(Math.max(0, Math.floor(ms / SECOND)))} s`;
  }
  if (ms < HOUR) {
    return `${String(Math.floor(ms / MINUTE))} min`;
  }
  if (ms < 2 * DAY) {
    return `${String(Math.floor(ms / HOUR))} h`;
  }
  return `${String(Math.floor(ms / DAY))} d`;
}

/** `12 s ago`, `in 6 d`, `now`; an unreadable time is given back as it is. */
export function relative(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) {
    return iso;
  }
  const distance = now - at;
  if (Math.abs(distance) < 2 * SECOND) {
    return "now";
  }
  return distance > 0 ? `${roughly(distance)} ago` : `in ${roughly(-distance)}`;
}

/** The local time to the second with its zone: `21 Nov 2026, 14:02:11 CET`. */
export function exact(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : EXACT.format(at);
}

/** The local day: `21 Nov 2026`. */
export function day(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : DATE.format(at);
}

/** A whole percentage that says 100 only when nothing is missing and 0 only when nothing is there. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) {
    return 0;
  }
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) {
    return 1;
  }
  return share < 100 ? Math.min(99, Math.round(share)) : 100;
}
