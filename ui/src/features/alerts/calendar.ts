import type { AlertView } from "../../backend";

/** A day of the calendar, in the local zone. */
export interface Day {
  /** Milliseconds since 1970 of its midnight. */
  start: number;
  /** `21 Nov`. */
  label: string;
  alerts: AlertView[];
  /** Before today or after the span: drawn, but empty. */
  outside: boolean;
}

function midnight(at: number): Date {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  return day;
}

/** The first instant of the day that `at` falls on, both in milliseconds since 1970, the day the local zone's. */
export function dayOf(at: number): number {
  return midnight(at).getTime();
}

/** Goes on by days, to the first instant of the day it comes to: where clocks are put forward at midnight that is 01:00, but on that day only. */
function goOn(day: Date, days: number) {
  day.setDate(day.getDate() + days);
  day.setHours(0, 0, 0, 0);
}

/** The weeks from the Monday before `now` that hold the next `days` days; what is overdue stands on today. */
export function weeksOf(alerts: AlertView[], now: number, days: number): Day[][] {
  // Made anew each time: a format keeps the zone it was made in, and a machine may be carried to another.
  const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
  const today = midnight(now);
  const last = new Date(today);
  goOn(last, days);
  const open = alerts.filter((alert) => alert.state !== "resolved");
  const byDay = new Map<number, AlertView[]>();
  for (const alert of open) {
    const key = Math.max(today.getTime(), midnight(Date.parse(alert.due_at)).getTime());
    byDay.set(key, [...(byDay.get(key) ?? []), alert]);
  }
  const monday = new Date(today);
  goOn(monday, -((monday.getDay() + 6) % 7));
  const weeks: Day[][] = [];
  for (const day = monday; day <= last; ) {
    const week: Day[] = [];
    for (let index = 0; index < 7; index += 1) {
      const start = day.getTime();
      week.push({
        start,
        label: format.format(day),
        alerts: byDay.get(start) ?? [],
        outside: day < today || day > last,
      });
      goOn(day, 1);
    }
    weeks.push(week);
  }
  return weeks;
}
