import type { QuietWindowView } from "../../backend";

/** The days of the week as `xwalk schedule quiet` writes them. */
export const DAYS: readonly { value: string; label: string }[] = [
  { value: "mon", label: "Monday" },
  { value: "tue", label: "Tuesday" },
  { value: "wed", label: "Wednesday" },
  { value: "thu", label: "Thursday" },
  { value: "fri", label: "Friday" },
  { value: "sat", label: "Saturday" },
  { value: "sun", label: "Sunday" },
];

/** The working hours of a week: what is wanted most often. */
export const WORKING_HOURS: QuietWindowView = {
  from_day: "mon", to_day: "fri", from: "08:00", to: "18:00", month_end: null, zone: null,
};

const MONTH_END: QuietWindowView = { from_day: null, to_day: null, from: null, to: null, month_end: 3, zone: null };

/** A window as one of the other kind. */
export function ofKind(window: QuietWindowView, kind: string): QuietWindowView {
  return { ...(kind === "month" ? MONTH_END : WORKING_HOURS), zone: window.zone };
}

/** Whether a text names a time zone. */
export function isZone(text: string): boolean {
  try {
    return text === "UTC" || (text.includes("/") && Boolean(new Intl.DateTimeFormat("en-GB", { timeZone: text })));
  } catch {
    return false;
  }
}

/** What is wrong with a window; null: nothing. */
export function windowFault(window: QuietWindowView): string | null {
  if (window.zone !== null && !isZone(window.zone)) {
    return "A zone such as Europe/Berlin, or nothing for this machine's.";
  }
  if (window.month_end !== null) {
    return Number.isInteger(window.month_end) && window.month_end >= 1 && window.month_end <= 28 ? null : "1 to 28 days.";
  }
  if (window.from === null && window.to === null) {
    return null;
  }
  const time = /^([01]\d|2[0-3]):[0-5]\d$/;
  if (!time.test(window.from ?? "") || !time.test(window.to ?? "")) {
    return "Hours such as 22:00 to 06:00, or all day.";
  }
  return window.from === window.to ? "It ends when it begins." : null;
}

const short = (day: string | null) => DAYS.find(({ value }) => value === day)?.label.slice(0, 3) ?? "";

/** "Mon to Fri, 08:00 to 18:00, Europe/Berlin", "the last 3 days of the month". */
export function windowWords(window: QuietWindowView): string {
  const days =
    window.month_end !== null
      ? `the last ${window.month_end === 1 ? "day" : `${window.month_end} days`} of the month`
      : window.from_day === window.to_day
        ? short(window.from_day)
        : `${short(window.from_day)} to ${short(window.to_day)}`;
  const hours = window.from !== null && window.to !== null ? [`${window.from} to ${window.to}`] : [];
  return [days, ...hours, ...(window.zone === null ? [] : [window.zone])].join(", ");
}
