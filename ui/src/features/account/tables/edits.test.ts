import { describe, expect, it } from "vitest";

import { NO_EDITS, editOf, edited, pending, redo, settled, undo } from "./edits";

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

  it("keeps the newest steps and of older ones the last of each key", () => {
    let edits = edited(edited(NO_EDITS, { key: "a", value: null, stored: true }), { key: "a", value: "old" });
    for (let step = 0; step < 1_000; step += 1) {
      edits = edited(edits, { key: `key ${step % 3}`, value: String(step) });
    }
    expect(edits.done.length).toBeLessThanOrEqual(204);
    expect(pending(edits)).toEqual([
      { key: "a", value: "old" },
      { key: "key 0", value: "999" },
      { key: "key 1", value: "997" },
      { key: "key 2", value: "998" },
    ]);
    expect(settled(edits.done)[0]?.stored).toBe(true);
    expect(editOf(undo(edits), "key 0")?.value).toBe("996");
  });
});
