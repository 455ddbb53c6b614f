/** What a row is sorted by in a column; null and undefined come last whichever way. */
export type SortValue = string | number | null | undefined;

const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Ascending order of two present values; numbers before text, text as people sort it. */
export function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  if (typeof a === "number" || typeof b === "number") {
    return typeof a === "number" ? -1 : 1;
  }
  return COLLATOR.compare(a ?? "", b ?? "");
}
