import { expect, it } from "vitest";

import { asBefore, chosenEvery, everyOptions, everyText, inputOf, scheduledModes } from "./schedule";

it.each([
  [null, "off"],
  ["15m", "15m"],
  ["1h", "60m"],
  ["24h", "1d"],
  ["6h", "6h"],
  ["now and then", "now and then"],
])("%j is chosen as %s", (every, chosen) => {
  expect(chosenEvery(every)).toBe(chosen);
});

it("offers what was set elsewhere beside the usual", () => {
  expect(everyOptions(null).map((option) => option.label)).toEqual([
    "Off", "Every 15 min", "Every 30 min", "Every 60 min", "Every 4 h", "Every 12 h", "Daily",
  ]);
  expect(everyOptions("6h").at(-1)).toEqual({ value: "6h", label: "every 6 h" });
  expect(everyOptions("1h")).toHaveLength(7);
});

it.each([
  ["15m", "every 15 min"],
  ["6h", "every 6 h"],
  ["24h", "daily"],
  ["2d", "every 2 d"],
  ["odd", "every odd"],
])("%s reads as %s", (every, text) => {
  expect(everyText(every)).toBe(text);
});

it("asks for changes before everything, where a resource can be asked for them", () => {
  expect(scheduledModes(undefined)).toEqual(["incremental", "full"]);
  expect(scheduledModes(["test", "full", "incremental", "unexported"])).toEqual(["incremental", "full"]);
  expect(scheduledModes(["full"])).toEqual(["full"]);
});

it("sets and sets back", () => {
  expect(inputOf("off", "full")).toBeNull();
  expect(inputOf("4h", "full")).toEqual({ every: "4h", mode: "full" });
  expect(asBefore(undefined)).toBeNull();
  const held = { account: "a", resource: "r", mode: "full", every: "6h", next_at: null, waits: null, waits_until: null };
  expect(asBefore(held)).toEqual({ mode: "full", every: "6h" });
});
