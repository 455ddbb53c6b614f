import { describe, expect, it } from "vitest";

import { NO_EDITS, editOf, edited, pending, redo, undo } from "./edits";

describe("table edits", () => {
  const twice = edited(edited(NO_EDITS, { key: "a", value: "1" }), { key: "a", value: "2" });

  it("saves the last edit of each key", () => {
    expect(pending(edited(twice, { key: "b", value: null }))).toEqual([
      { key: "a", value: "2" },
      { key: "b", value: null },
    ]);
  });

  it("undoes and redoes one edit at a time", () => {
    const back = undo(twice);
    expect(editOf(back, "a")?.value).toBe("1");
    expect(editOf(redo(back), "a")?.value).toBe("2");
    expect(undo(NO_EDITS)).toEqual(NO_EDITS);
    expect(redo(NO_EDITS)).toEqual(NO_EDITS);
  });

  it("forgets what was undone once something else is edited", () => {
    expect(edited(undo(twice), { key: "c", value: "3" }).undone).toEqual([]);
  });
});
