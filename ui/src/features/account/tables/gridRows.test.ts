import { expect, it } from "vitest";

import { NO_EDITS, edited } from "./edits";
import { rowsOnTop, storedRow } from "./gridRows";

const unmapped = [
  { key: "CC-2", records: 3 },
  { key: "CC-1", records: 9 },
];

it("puts keys met and not mapped on top, the most often met first, added ones before", () => {
  const edits = edited(edited(NO_EDITS, { key: "CC-2", value: "Fleet" }), { key: "CC-9", value: "New" });
  expect(rowsOnTop(unmapped, edits, () => false, "")).toEqual([
    { key: "CC-9", value: "New", state: "edited", records: null },
    { key: "CC-1", value: null, state: "unmapped", records: 9 },
    { key: "CC-2", value: "Fleet", state: "edited", records: 3 },
  ]);
  expect(rowsOnTop(unmapped, edits, () => false, "cc-1").map((row) => row.key)).toEqual(["CC-1"]);
});

it("leaves an edited row of a page that is not here yet in its place", () => {
  const edits = edited(edited(NO_EDITS, { key: "Z-1", value: "", stored: true }), { key: "Z-1", value: "Zoe" });
  expect(rowsOnTop([], edits, () => false, "")).toEqual([]);
});

it("leaves an edited stored row where it is", () => {
  const edits = edited(NO_EDITS, { key: "A", value: null });
  expect(rowsOnTop([], edits, () => true, "")).toEqual([]);
  expect(storedRow({ key: "A", value: "1" }, edits)).toMatchObject({ state: "removed", value: null });
  expect(storedRow({ key: "B", value: "2" }, edits)).toMatchObject({ state: "stored", value: "2" });
});
