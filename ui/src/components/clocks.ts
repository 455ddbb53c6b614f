import type { Clock } from "../backend";
import { duration, roughly } from "./formats";

/** How far a token's life has run, as the ring and the words beside it show it. */
export interface ClockReading {
  tone: "ok" | "warn" | "bad" | "quiet";
  /** What is left of its life, 0 to 1; null when its end is not known. */
  left: number | null;
  /** Where on the way its renewal falls due, 0 (just obtained) to 1 (expired). */
  mark: number | null;
  /** The age: `15 h`. */
  age: string;
  /** What is left in words: `9 h left`, `expired 2 h ago`. */
  rest: string;
}

/** Reads a clock at `now`, in milliseconds since 1970. */
export function readClock(clock: Clock, now: number): ClockReading {
  const obtained = Date.parse(clock.obtained_at);
  const age = duration(Math.max(0, Math.floor((now - obtained) / 60_000) * 60_000));
  const shown = now - obtained < 60_000 ? "new" : age;
  if (!clock.expires_at) {
    return { tone: "quiet", left: null, mark: null, age: shown, rest: "no end given" };
  }
  const expires = Date.parse(clock.expires_at);
  const life = Math.max(1, expires - obtained);
  const renew = clock.renew_at ? Date.parse(clock.renew_at) : null;
  const mark = renew === null ? null : Math.min(1, Math.max(0, (renew - obtained) / life));
  if (now >= expires) {
    return { tone: "bad", left: 0, mark, age: "expired", rest: `${roughly(now - expires)} ago` };
  }
  const due = renew !== null && now >= renew;
  return {
    tone: due ? "warn" : "ok",
    left: Math.min(1, (expires - now) / life),
    mark,
    age: shown,
    rest: `${roughly(expires - now)} left`,
  };
}
