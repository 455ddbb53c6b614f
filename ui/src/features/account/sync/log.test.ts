import { expect, it } from "vitest";

import { linesOf, logText, severityTone } from "./log";

const lines = [
  { at: "2026-11-21T12:10:01Z", severity: "info", message: "Page 1: 50 records stored" },
  { at: "2026-11-21T12:10:02Z", severity: "warning", message: "PO-000123 skipped: currency is missing" },
];

it("keeps what somebody should read", () => {
  expect(linesOf(lines, "attention")).toEqual([lines[1]]);
  expect(linesOf(lines, "all")).toHaveLength(2);
});

it("copies as text", () => {
  expect(logText(lines)).toBe(
    "2026-11-21T12:10:01Z Page 1: 50 records stored\n2026-11-21T12:10:02Z warning: PO-000123 skipped: currency is missing",
  );
});

it("colours by severity", () => {
  expect(["info", "warning", "error"].map(severityTone)).toEqual(["quiet", "warn", "bad"]);
});
