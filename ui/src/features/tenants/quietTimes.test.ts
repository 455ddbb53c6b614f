import { expect, it } from "vitest";

import { WORKING_HOURS, isZone, ofKind, windowFault, windowWords } from "./quietTimes";

const MONTH_END = ofKind(WORKING_HOURS, "month");

it.each([
  [WORKING_HOURS, null],
  [MONTH_END, null],
  [{ ...WORKING_HOURS, from: null, to: null }, null],
  [{ ...WORKING_HOURS, from: "22:00", to: "06:00" }, null],
  [{ ...WORKING_HOURS, to: null }, "Hours"],
  [{ ...WORKING_HOURS, from: "8" }, "Hours"],
  [{ ...WORKING_HOURS, to: "08:00" }, "ends when it begins"],
  [{ ...WORKING_HOURS, zone: "Asia/Tokyo" }, null],
  [{ ...WORKING_HOURS, zone: "Mars/Olympus" }, "zone"],
  [{ ...MONTH_END, month_end: 31 }, "1 to 28"],
])("%j: %s", (window, fault) => {
  if (fault === null) {
    expect(windowFault(window)).toBeNull();
  } else {
    expect(windowFault(window)).toContain(fault);
  }
});

it("reads zones as the engine does", () => {
  expect(["Europe/Berlin", "UTC", "CET", "", "soon"].map(isZone)).toEqual([true, true, false, false, false]);
});

it("keeps the zone when a window becomes one of another kind", () => {
  const tokyo = { ...WORKING_HOURS, zone: "Asia/Tokyo" };
  expect(ofKind(tokyo, "month")).toEqual({ ...MONTH_END, zone: "Asia/Tokyo" });
  expect(ofKind(ofKind(tokyo, "month"), "days")).toEqual(tokyo);
});

it("says a window in words", () => {
  expect(windowWords(WORKING_HOURS)).toBe("Mon to Fri, 08:00 to 18:00");
  expect(windowWords({ ...WORKING_HOURS, to_day: "mon", from: null, to: null })).toBe("Mon");
  expect(windowWords(MONTH_END)).toBe("the last 3 days of the month");
  expect(windowWords({ ...MONTH_END, month_end: 1, zone: "UTC" })).toBe("the last day of the month, UTC");
});
