import { expect, test } from "vitest";

import { amount, bytes, count, counted, day, duration, exact, percent, relative, short } from "./formats";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test.each([
  [0, "0 ms"],
  [840, "840 ms"],
  [5_000, "5.0 s"],
  [42_000, "42 s"],
  [63_000, "1 min 3 s"],
  [12 * 60_000, "12 min"],
  [(7 * 60 + 26) * 60_000, "7 h 26 min"],
  [84 * 86_400_000, "84 d"],
])("a span of %i ms reads %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1500, "1.5 KB"],
  [21_000, "21 KB"],
  [999_600, "1.0 MB"],
  [10_400_000, "10 MB"],
])("%i bytes read %s", (value, text) => {
  expect(bytes(value)).toBe(text);
});

test.each([
  [0, "0"],
  [1204, "1,204"],
  [9999, "9,999"],
  [12_418, "12.4k"],
  [124_180, "124k"],
  [999_999, "999k"],
  [4_100_000, "4.1m"],
  [1_234_567_890, "1,234m"],
])("where room is short %i reads %s", (value, text) => {
  expect(short(value)).toBe(text);
});

test.each([
  ["18250.40", "EUR", "18,250.40 EUR"],
  ["-1234567890123456789.000001", null, "−1,234,567,890,123,456,789.000001"],
  ["n/a", null, "n/a"],
])("the amount %s keeps every digit", (value, currency, text) => {
  expect(amount(value, currency)).toBe(text);
});

test.each([
  ["2026-11-21T11:59:48Z", "12 s ago"],
  ["2026-11-21T12:00:01Z", "now"],
  ["2026-11-27T12:00:00Z", "in 6 d"],
  ["2026-11-21T10:00:00Z", "2 h ago"],
  ["soon", "soon"],
])("%s is %s", (iso, text) => {
  expect(relative(iso, NOW)).toBe(text);
});

test.each([
  [0, 0, 0],
  [1, 500, 1],
  [499, 500, 99],
  [500, 500, 100],
  [0, 500, 0],
])("%i of %i is %i %%", (part, whole, share) => {
  expect(percent(part, whole)).toBe(share);
});

test("counts are grouped and named", () => {
  expect(count(12_418)).toBe("12,418");
  expect(counted(1, "record")).toBe("1 record");
  expect(counted(0, "entry", "entries")).toBe("0 entries");
});

test("a day is the local one, and an unreadable one stays as it is", () => {
  expect(day("2026-11-21T11:59:48Z")).toBe("21 Nov 2026");
  expect(day("soon")).toBe("soon");
});

test("an exact time names its zone", () => {
  expect(exact("2026-11-21T11:59:48Z")).toMatch(/21 Nov 2026, \d\d:59:48 \S+/);
});
