import { describe, expect, it } from "vitest";

import { countStatuses, isFailing, statusWords } from "./statuses";

describe("statuses", () => {
  it.each([
    ["ok", "ok", "ok", false],
    ["empty", "empty", "quiet", false],
    ["not_fetched", "not fetched", "warn", false],
    ["unknown_value", "unknown value", "warn", true],
    ["missing", "missing", "bad", true],
    ["wrong_type", "wrong type", "bad", true],
    ["error", "error", "bad", true],
    ["brand_new", "brand new", "quiet", false],
  ])("%s reads %s in %s", (status, label, tone, failing) => {
    expect(statusWords(status)).toMatchObject({ label, tone });
    expect(isFailing(status)).toBe(failing);
  });

  it("sums a record up, worst last, empty ones left out", () => {
    const fields = ["error", "ok", "empty", "ok", "not_fetched"].map((status) => ({ status }));
    expect(countStatuses(fields)).toEqual([
      { status: "ok", count: 2 },
      { status: "not_fetched", count: 1 },
      { status: "error", count: 1 },
    ]);
  });
});
