import { afterEach, expect, test, vi } from "vitest";

import { fullWorld } from "../../testing/world";
import { dayOf, weeksOf } from "./calendar";

const NOW = new Date(2026, 10, 21, 12).getTime();

test("ninety days stand in whole weeks, what is overdue on today", () => {
  const weeks = weeksOf(fullWorld(NOW).alerts, NOW, 90);
  expect(weeks).toHaveLength(14);
  expect(weeks.every((week) => week.length === 7)).toBe(true);
  const days = weeks.flat();
  expect(days[0]?.label).toBe("16 Nov");
  expect(days[0]?.outside).toBe(true);
  const today = days.find((day) => day.label === "21 Nov");
  expect(today?.alerts.map((alert) => alert.id)).toEqual(["a1", "a2", "a3"]);
  expect(days.filter((day) => day.alerts.length > 0)).toHaveLength(2);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  // Clocks go from midnight to one on 29 March, and from midnight back to eleven on 24 October.
  ["Asia/Beirut", "2026-03-25", "2026-03-31T10:00:00Z", "31 Mar"],
  ["Asia/Beirut", "2026-10-20", "2026-10-28T10:00:00Z", "28 Oct"],
  ["Europe/Berlin", "2026-03-25", "2026-03-29T21:30:00Z", "29 Mar"],
  ["Europe/Berlin", "2026-10-20", "2026-10-25T22:30:00Z", "25 Oct"],
  ["America/New_York", "2026-03-05", "2026-03-09T03:30:00Z", "8 Mar"],
  ["Europe/Berlin", "2028-02-25", "2028-02-29T22:30:00Z", "29 Feb"],
  ["Asia/Tokyo", "2028-02-25", "2028-02-29T22:30:00Z", "1 Mar"],
])("in %s on %s what is due at %s stands on %s", (zone, today, dueAt, label) => {
  vi.stubEnv("TZ", zone);
  const now = Date.parse(`${today}T12:00:00Z`);
  const alerts = fullWorld(now)
    .alerts.slice(0, 1)
    .map((alert) => ({ ...alert, state: "upcoming", due_at: dueAt }));
  const days = weeksOf(alerts, now, 30).flat();
  expect(days.filter((day) => day.alerts.length > 0).map((day) => day.label)).toEqual([label]);
  expect(new Set(days.map((day) => day.label)).size).toBe(days.length);
});

test.each([
  // Zones half an hour or three quarters off: their day begins within an hour of the universal one.
  ["Asia/Kolkata", "2026-11-20T18:29:59Z", 20],
  ["Asia/Kolkata", "2026-11-20T18:30:00Z", 21],
  ["Asia/Kolkata", "2026-11-20T18:59:00Z", 21],
  ["Asia/Kathmandu", "2026-11-20T18:14:59Z", 20],
  ["Asia/Kathmandu", "2026-11-20T18:20:00Z", 21],
  ["Australia/Adelaide", "2026-11-20T13:45:00Z", 21],
  ["America/St_Johns", "2026-11-21T03:35:00Z", 21],
  ["Europe/Berlin", "2026-11-20T23:10:00Z", 21],
  ["America/New_York", "2026-11-21T04:59:00Z", 20],
])("in %s at %s it is the %ith", (zone, at, date) => {
  vi.stubEnv("TZ", zone);
  const start = dayOf(Date.parse(at));
  expect(new Date(start).getDate()).toBe(date);
  expect(weeksOf([], start, 90).flat().find((day) => !day.outside)?.start).toBe(start);
});

test("a change of the clocks loses no day", () => {
  const days = weeksOf([], new Date(2026, 2, 20).getTime(), 30).flat();
  expect(new Set(days.map((day) => day.label)).size).toBe(days.length);
});
