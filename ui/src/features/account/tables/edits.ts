import type { TableChange } from "../../../backend";

/** An edit of a table that is not saved: a value, or null to take the entry away at this level. */
export interface Edit {
  key: string;
  value: string | null;
  /** Made on a row that is stored, which shows it in its own place. */
  stored?: true;
}

/** Unsaved edits in the order they were made, with what was undone. */
export interface Edits {
  done: readonly Edit[];
  undone: readonly Edit[];
}

export const NO_EDITS: Edits = { done: [], undone: [] };

/** Steps that can be undone one by one; older ones become one of each key, so that a kept draft stays small. */
const MOST_STEPS = 200;

/** The last edit of each key, keys in the order in which they were first edited. */
export function settled(done: readonly Edit[]): Edit[] {
  const last = new Map<string, Edit>();
  for (const edit of done) {
    last.set(edit.key, last.get(edit.key)?.stored ? { ...edit, stored: true } : edit);
  }
  return [...last.values()];
}

export function edited(edits: Edits, edit: Edit): Edits {
  const done = [...edits.done, edit];
  return { done: [...settled(done.slice(0, -MOST_STEPS)), ...done.slice(-MOST_STEPS)], undone: [] };
}

export function undo(edits: Edits): Edits {
  const last = edits.done.at(-1);
  return last ? { done: edits.done.slice(0, -1), undone: [...edits.undone, last] } : edits;
}

export function redo(edits: Edits): Edits {
  const last = edits.undone.at(-1);
  return last ? { done: [...edits.done, last], undone: edits.undone.slice(0, -1) } : edits;
}

/** What is to be saved: the last edit of each key. */
export function pending(edits: Edits): TableChange[] {
  return settled(edits.done).map(({ key, value }) => ({ key, value }));
}

/** The value a row shows: its edit's, else what is stored. Undefined where nothing was edited. */
export function editOf(edits: Edits, key: string): Edit | undefined {
  return edits.done.findLast((edit) => edit.key === key);
}
