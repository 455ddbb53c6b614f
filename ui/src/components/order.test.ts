import { expect, test } from "vitest";

import { compareValues } from "./order";
import { nextSorting } from "./sorting";

test("numbers in names count as numbers, and numbers come before text", () => {
  expect(["Tenant 10", "tenant 2", 7, "Tenant 1", 3].toSorted(compareValues)).toEqual([
    3,
    7,
    "Tenant 1",
    "tenant 2",
    "Tenant 10",
  ]);
});

test.each([
  [null, false, { column: "a", descending: false }],
  [null, true, { column: "a", descending: true }],
  [{ column: "a", descending: false }, false, { column: "a", descending: true }],
  [{ column: "a", descending: true }, false, null],
  [{ column: "a", descending: false }, true, null],
  [{ column: "b", descending: true }, false, { column: "a", descending: false }],
])("from %o a click (descending first: %s) leads to %o", (order, first, next) => {
  expect(nextSorting(order, "a", first)).toEqual(next);
});
