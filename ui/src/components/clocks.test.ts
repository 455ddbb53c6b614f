import { expect, test } from "vitest";

import { readClock } from "./clocks";

const at = (hours: number) => Date.parse("2026-11-21T00:00:00Z") + hours * 3_600_000;
const token = {
  obtained_at: "2026-11-21T00:00:00Z",
  expires_at: "2026-11-22T00:00:00Z",
  renew_at: "2026-11-21T20:00:00Z",
};

test.each([
  [0, "ok", 1, "new", "24 h left"],
  [15, "ok", 0.375, "15 h", "9 h left"],
  [19.99, "ok", 0.167, "19 h 59 min", "4 h left"],
  [20, "warn", 0.167, "20 h", "4 h left"],
  [24, "bad", 0, "expired", "0 s ago"],
  [26, "bad", 0, "expired", "2 h ago"],
])("after %f h a day's token is %s", (hours, tone, left, age, rest) => {
  const reading = readClock(token, at(hours));
  expect(reading.tone).toBe(tone);
  expect(reading.left).toBeCloseTo(left, 2);
  expect(reading.mark).toBeCloseTo(20 / 24, 5);
  expect([reading.age, reading.rest]).toEqual([age, rest]);
});

test("a token without a known end is neither good nor bad", () => {
  const reading = readClock({ ...token, expires_at: null, renew_at: null }, at(30));
  expect(reading).toMatchObject({ tone: "quiet", left: null, mark: null, rest: "no end given" });
});

test("a clock set back does not show a negative age", () => {
  expect(readClock(token, at(-1)).age).toBe("new");
});
