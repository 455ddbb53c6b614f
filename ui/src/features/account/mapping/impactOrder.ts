import { count, counted } from "../../../components/formats";

/** A record that a draft changes. */
export interface Changed {
  id: string;
  kind: string;
}

const WEIGHT: Record<string, number> = { failing: 0, emptied: 1, filled: 2, changed: 3 };

/** What a kind of change is called. */
export function kindText(kind: string): string {
  const words: Record<string, string> = {
    failing: "newly failing",
    emptied: "newly empty",
    filled: "newly filled",
    changed: "changed",
  };
  return words[kind] ?? kind;
}

/** The changed records, those that need a look first; within a kind by their ids, numbers as numbers. */
export function inOrder<T extends Changed>(examples: readonly T[], kind: string | null): T[] {
  return examples
    .filter((example) => kind === null || example.kind === kind)
    .toSorted(
      (a, b) =>
        (WEIGHT[a.kind] ?? 9) - (WEIGHT[b.kind] ?? 9) ||
        a.id.localeCompare(b.id, "en", { numeric: true }),
    );
}

/** "affects 12 of 200 records", the sentence over the impact. */
export function impactText(changed: number, records: number): string {
  const of = counted(records, "record");
  if (records === 0) {
    return "no stored records to try it on";
  }
  return changed === 0
    ? `changes none of ${of}`
    : `affects ${count(changed)} of ${of}`;
}
