/** A column a resource's records could show. */
export interface Candidate {
  path: string;
  filled: number;
  of: number;
  suggested: boolean;
}

/** More columns than this are no table any more, and each is decrypted and kept in memory. */
export const MOST_COLUMNS = 12;

/** Where most providers keep a record's id, which the table's own first column shows. */
const ID = "id";

/** The columns to show: what was chosen before as far as it is still there, else what the engine suggests. */
export function columnsToShow(
  candidates: readonly Candidate[],
  chosen: readonly string[] | undefined,
): string[] {
  const known = new Set(candidates.map((candidate) => candidate.path));
  const kept = (chosen ?? []).filter((path) => known.has(path)).slice(0, MOST_COLUMNS);
  if (kept.length > 0) {
    return kept;
  }
  const suggested = candidates.filter((candidate) => candidate.suggested && candidate.path !== ID);
  return (suggested.length > 0 ? suggested : candidates)
    .slice(0, MOST_COLUMNS)
    .map((candidate) => candidate.path);
}

/** The choice with one column taken in at the end or out. */
export function toggledColumn(columns: readonly string[], path: string): string[] {
  if (columns.includes(path)) {
    return columns.length > 1 ? columns.filter((each) => each !== path) : [...columns];
  }
  return columns.length < MOST_COLUMNS ? [...columns, path] : [...columns];
}

/** The next order of a column: ascending, descending, as stored. */
export function nextSort(
  sort: { column: string; descending: boolean } | null,
  column: string,
): { column: string; descending: boolean } | null {
  if (sort?.column !== column) {
    return { column, descending: false };
  }
  return sort.descending ? null : { column, descending: true };
}
