import { expect, test } from "vitest";

import { shownValue } from "./RawRowLine";

const row = { count: null, masked: false, preview: "" };

test.each([
  ["an empty text", { ...row, kind: "string" }, '""'],
  ["null", { ...row, kind: "null", preview: "null" }, "null"],
  ["the text null", { ...row, kind: "string", preview: "null" }, '"null"'],
  ["a number", { ...row, kind: "number", preview: "12.50" }, "12.50"],
  ["the text of a number", { ...row, kind: "string", preview: "12.50" }, '"12.50"'],
  ["an empty list", { ...row, kind: "array", count: 0 }, "[ 0 ]"],
  ["an empty object", { ...row, kind: "object", count: 0 }, "{ 0 }"],
  ["what is masked", { ...row, kind: "string", masked: true }, "••••••••"],
])("%s reads as itself", (_, shown, text) => {
  expect(shownValue(shown, null)).toBe(text);
});

test("a revealed text is in quotes like any other", () => {
  expect(shownValue({ ...row, kind: "string", masked: true }, "DE89")).toBe('"DE89"');
});
