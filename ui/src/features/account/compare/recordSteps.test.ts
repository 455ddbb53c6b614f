import { describe, expect, it } from "vitest";

import { clampedStep, placeText, stepOf } from "./recordSteps";

const place = { previous: "1", next: "3", position: 2, total: 1200 };

describe("moving through records", () => {
  it("goes on with J and back with K", () => {
    expect(stepOf("j", place)).toBe("3");
    expect(stepOf("K", place)).toBe("1");
    expect(stepOf("x", place)).toBeNull();
    expect(stepOf("j", { ...place, next: null })).toBeNull();
    expect(stepOf("j", undefined)).toBeNull();
  });

  it("says where one is", () => {
    expect(placeText(place)).toBe("2 of 1,200");
    expect(placeText({ previous: null, next: null, position: 0, total: 0 })).toBe("no records");
    expect(placeText(undefined)).toBe("");
  });

  it("stays inside a list", () => {
    expect(clampedStep(0, -1, 5)).toBe(0);
    expect(clampedStep(3, 10, 5)).toBe(4);
    expect(clampedStep(0, 1, 0)).toBe(-1);
  });
});
