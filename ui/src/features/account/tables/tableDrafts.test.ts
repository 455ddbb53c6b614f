import { expect, it } from "vitest";

import { NO_EDITS, edited, undo } from "./edits";
import { type TableDrafts, draftKey, unsaved, withEdits } from "./tableDrafts";

const OWN = draftKey({ level: "account", scope: "acme-test", name: "terms" });
const SHARED = draftKey({ level: "environment", scope: "retail", name: "terms" });

function typed(drafts: TableDrafts, table: string, key: string): TableDrafts {
  return withEdits(drafts, table, (old) => edited(old, { key, value: "1" }));
}

it("keeps each table's edits apart and counts what is to be saved", () => {
  const drafts = typed(typed(typed({}, OWN, "a"), OWN, "b"), SHARED, "a");
  expect(unsaved(drafts)).toEqual([
    { level: "account", scope: "acme-test", name: "terms", changes: 2 },
    { level: "environment", scope: "retail", name: "terms", changes: 1 },
  ]);
  const undone = withEdits(drafts, SHARED, undo);
  expect(unsaved(undone).map((each) => each.level)).toEqual(["account"]);
  expect(Object.keys(undone)).toEqual([OWN, SHARED]);
});

it("forgets a table once it is saved or discarded", () => {
  const drafts = typed(typed({}, OWN, "a"), SHARED, "a");
  expect(withEdits(drafts, OWN, () => NO_EDITS)).toEqual({ [SHARED]: drafts[SHARED] });
  expect(withEdits({}, OWN, (old) => old)).toEqual({});
});
