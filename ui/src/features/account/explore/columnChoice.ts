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

// Pixels a letter of the table and of its heading takes, the wider ones of both fonts.
const LETTER_PX = 7.4;
const HEADING_LETTER_PX = 6.6;

/** The sides of a cell; a heading also keeps room for its arrow. */
const SIDES_PX = 24;
const ARROW_PX = 16;

/** The pixels a column takes to show its heading and these cells whole, dates with their times too; long texts are cut. */
export function naturalWidth(heading: string, cells: readonly (string | null | undefined)[]): number {
  const longest = Math.max(0, ...cells.map((cell) => cell?.length ?? 0));
  const wanted = Math.max(heading.length * HEADING_LETTER_PX + ARROW_PX, longest * LETTER_PX) + SIDES_PX;
  return Math.round(Math.min(240, Math.max(80, wanted)));
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
