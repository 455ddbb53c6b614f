/** An edit of a table that is not saved: a value, or null to take the entry away at this level. */
export interface Edit {
  key: string;
  value: string | null;
}

/** Unsaved edits in the order they were made, with what was undone. */
export interface Edits {
  done: readonly Edit[];
  undone: readonly Edit[];
}

export const NO_EDITS: Edits = { done: [], undone: [] };

export function edited(edits: Edits, edit: Edit): Edits {
  return { done: [...edits.done, edit], undone: [] };
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
export function pending(edits: Edits): Edit[] {
  return [...new Map(edits.done.map((edit) => [edit.key, edit])).values()];
}

/** The value a row shows: its edit's, else what is stored. Undefined where nothing was edited. */
export function editOf(edits: Edits, key: string): Edit | undefined {
  return edits.done.findLast((edit) => edit.key === key);
}
