import { describe, expect, it } from "vitest";

import { MOST_COLUMNS, columnsToShow, naturalWidth, nextSort, toggledColumn } from "./columnChoice";

const candidate = (path: string, suggested = false) => ({ path, suggested, filled: 1, of: 1 });

describe("columns", () => {
  it("shows what was chosen, else what is suggested beside the id, else the first ones", () => {
    const candidates = [candidate("id", true), candidate("status", true), candidate("memo")];
    expect(columnsToShow(candidates, undefined)).toEqual(["status"]);
    expect(columnsToShow(candidates, ["memo", "gone"])).toEqual(["memo"]);
    expect(columnsToShow(candidates, ["gone"])).toEqual(["status"]);
    expect(columnsToShow(candidates, ["id"])).toEqual(["id"]);
    expect(columnsToShow([candidate("a")], undefined)).toEqual(["a"]);
  });

  it("takes columns in and out, never the last, never too many", () => {
    expect(toggledColumn(["a"], "b")).toEqual(["a", "b"]);
    expect(toggledColumn(["a", "b"], "a")).toEqual(["b"]);
    expect(toggledColumn(["a"], "a")).toEqual(["a"]);
    const full = Array.from({ length: MOST_COLUMNS }, (_, index) => `c${index}`);
    expect(toggledColumn(full, "more")).toHaveLength(MOST_COLUMNS);
  });

  it.each([
    ["invoice-date", ["2026-10-05T00:00:00+01:00", null], 209],
    ["supplier.display-name", ["Hafen"], 179],
    ["qty", ["1", undefined], 80],
    ["memo", ["A long text that nobody wants to see whole in a table of records"], 240],
    ["memo", [], 80],
  ])("shows %s with %j whole within reason: %i px", (heading, cells, width) => {
    expect(naturalWidth(heading, cells)).toBe(width);
  });

  it("goes through the orders of a column", () => {
    const up = nextSort(null, "a");
    const down = nextSort(up, "a");
    expect([up, down, nextSort(down, "a")]).toEqual([
      { column: "a", descending: false },
      { column: "a", descending: true },
      null,
    ]);
    expect(nextSort(up, "b")).toEqual({ column: "b", descending: false });
  });
});
