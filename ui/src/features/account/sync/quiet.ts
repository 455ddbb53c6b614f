import type { QuietNow } from "../../../backend";

const HOUR = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY_AND_HOUR = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** "quiet until 18:00", on another day "quiet until Mon 23 Nov, 06:00"; "quiet now" where no end is in sight. `now` in milliseconds. */
export function quietWords(quiet: QuietNow, now: number): string {
  const end = quiet.until === null ? Number.NaN : Date.parse(quiet.until);
  if (Number.isNaN(end)) {
    return "quiet now";
  }
  const today = new Date(end).toDateString() === new Date(now).toDateString();
  return `quiet until ${(today ? HOUR : DAY_AND_HOUR).format(end)}`;
}
