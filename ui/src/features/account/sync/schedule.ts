import type { ScheduleInput, ScheduleView } from "../../../backend";

/** What stands for no schedule. */
export const OFF = "off";

/** How often something is synced by itself, as it is offered. `xwalk schedule` takes any period of five minutes or more. */
const OFFERED: readonly { value: string; label: string }[] = [
  { value: OFF, label: "Off" },
  { value: "15m", label: "Every 15 min" },
  { value: "30m", label: "Every 30 min" },
  { value: "60m", label: "Every 60 min" },
  { value: "4h", label: "Every 4 h" },
  { value: "12h", label: "Every 12 h" },
  { value: "1d", label: "Daily" },
];

const UNITS: Record<string, [number, string]> = { s: [1 / 60, "s"], m: [1, "min"], h: [60, "h"], d: [1440, "d"] };

function read(every: string): { number: number; minutes: number; unit: string } | null {
  const match = /^(\d+)(s|m|h|d)$/.exec(every);
  const unit = UNITS[match?.[2] ?? ""];
  const number = Number(match?.[1]);
  return unit && Number.isFinite(number) ? { number, minutes: number * unit[0], unit: unit[1] } : null;
}

/** The offered period that is as long as this one, or this one itself. */
export function chosenEvery(every: string | null): string {
  if (every === null) {
    return OFF;
  }
  const minutes = read(every)?.minutes;
  return OFFERED.find(({ value }) => minutes !== undefined && read(value)?.minutes === minutes)?.value ?? every;
}

/** What can be chosen: what is offered, and what was set elsewhere. */
export function everyOptions(every: string | null): { value: string; label: string }[] {
  const chosen = chosenEvery(every);
  return OFFERED.some(({ value }) => value === chosen) ? [...OFFERED] : [...OFFERED, { value: chosen, label: everyText(chosen) }];
}

/** "every 6 h", "daily", "every 15 min". */
export function everyText(every: string): string {
  const period = read(every);
  if (!period) {
    return `every ${every}`;
  }
  return period.minutes === 1440 ? "daily" : `every ${period.number} ${period.unit}`;
}

/** The modes a resource can be synced in by itself: what changed, where it can be asked for, before everything. */
export function scheduledModes(able: readonly string[] | undefined): string[] {
  return ["incremental", "full"].filter((mode) => able === undefined || able.includes(mode));
}

/** A schedule as it is set; null: off. */
export function inputOf(every: string, mode: string): ScheduleInput | null {
  return every === OFF ? null : { mode, every };
}

/** What was set, as it is set again by an undo. */
export function asBefore(held: ScheduleView | undefined): ScheduleInput | null {
  return held ? { mode: held.mode, every: held.every } : null;
}
