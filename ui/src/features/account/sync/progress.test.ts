import { describe, expect, it } from "vitest";

import { budgetShare, nextStep, rateText, remainingText } from "./progress";

describe("progress in words", () => {
  it.each([
    [null, "time left not known yet"],
    [Number.NaN, "time left not known yet"],
    [-1, "time left not known yet"],
    [3, "a few seconds left"],
    [34, "about 30 s left"],
    [60, "about 1 min left"],
    [1500, "about 25 min left"],
    [3600, "about 1 h left"],
    [5400, "about 1 h 30 min left"],
  ])("%s seconds: %s", (seconds, text) => {
    expect(remainingText(seconds)).toBe(text);
  });

  it("sets the rate against the budget", () => {
    expect(rateText(4.23, 5)).toBe("4.2 of 5 req/s");
    expect(rateText(4.23, null)).toBe("4.2 req/s");
    expect(budgetShare(6, 5)).toBe(1);
    expect(budgetShare(2.5, 5)).toBe(0.5);
    expect(budgetShare(2.5, null)).toBeNull();
  });

  it("says what a stopped run needs", () => {
    expect(nextStep("paused")).toContain("go on where it stopped");
    expect(nextStep("failed")).toContain("cause");
    expect(nextStep("completed")).toBeNull();
  });
});
