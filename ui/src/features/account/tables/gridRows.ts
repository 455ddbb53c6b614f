import { type Edits, editOf, settled } from "./edits";

/** A row of the grid. */
export interface GridRow {
  key: string;
  /** What is shown: the edit's value, else what is stored. Null: no value, to be mapped or taken away. */
  value: string | null;
  state: "stored" | "edited" | "removed" | "unmapped";
  /** How many records met the key without finding it. */
  records: number | null;
}

/**
 * The rows above the stored ones: keys met and not mapped, most often met first, and keys just added. `stored` knows
 * the stored keys among those that are here already.
 */
export function rowsOnTop(
  unmapped: readonly { key: string; records: number }[],
  edits: Edits,
  stored: (key: string) => boolean,
  filter: string,
): GridRow[] {
  const met = new Set(unmapped.map((each) => each.key));
  const text = filter.trim().toLowerCase();
  const added = settled(edits.done).filter(
    (edit) => edit.stored !== true && !met.has(edit.key) && !stored(edit.key) && edit.value !== null,
  );
  const rows = [
    ...added.map(({ key, value }): GridRow => ({ key, value, state: "edited", records: null })),
    ...unmapped
      .toSorted((a, b) => b.records - a.records)
      .map(({ key, records }): GridRow => {
        const value = editOf(edits, key)?.value ?? null;
        return { key, value, state: value === null ? "unmapped" : "edited", records };
      }),
  ];
  return rows.filter((row) => `${row.key} ${row.value ?? ""}`.toLowerCase().includes(text));
}

/** A stored row with its edit. */
export function storedRow(row: { key: string; value: string }, edits: Edits): GridRow {
  const edit = editOf(edits, row.key);
  if (!edit) {
    return { ...row, state: "stored", records: null };
  }
  return { key: row.key, value: edit.value, state: edit.value === null ? "removed" : "edited", records: null };
}
