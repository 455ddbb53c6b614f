import { expect, test } from "vitest";

import { fullWorld } from "../../testing/world";
import { weeksOf } from "./calendar";

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

test("a change of the clocks loses no day", () => {
  const days = weeksOf([], new Date(2026, 2, 20).getTime(), 30).flat();
  expect(new Set(days.map((day) => day.label)).size).toBe(days.length);
});
