/** A permission of an account and what it is for. */
export interface ScopeRow {
  scope: string;
  asked: boolean;
  /** Whether the last token carried it; null where the provider does not say. */
  granted: boolean | null;
  /** The resources that cannot be read without it. */
  needed: readonly string[];
  opens: string;
}

/** A resource and the scopes a read of it needs, apart by spaces. */
interface Needing {
  label: string;
  scope: string | null;
}

function scopesOf(resource: Needing): string[] {
  return (resource.scope ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
}

/** Every scope asked for, granted or needed, what is missing first, then what is too much, then by name. */
export function scopeRows(
  asked: readonly string[],
  granted: readonly string[] | null,
  resources: readonly Needing[],
  help: readonly { scope: string; opens: string }[],
): ScopeRow[] {
  const scopes = new Set([...asked, ...(granted ?? []), ...resources.flatMap(scopesOf)]);
  return [...scopes]
    .map((scope) => ({
      scope,
      asked: asked.includes(scope),
      granted: granted === null ? null : granted.includes(scope),
      needed: resources.filter((each) => scopesOf(each).includes(scope)).map((each) => each.label),
      opens: help.find((each) => each.scope === scope)?.opens ?? "",
    }))
    .toSorted((a, b) => weight(a) - weight(b) || a.scope.localeCompare(b.scope));
}

/** What there is to say about a scope in one word. */
export type ScopeVerdict = "not granted" | "more than needed" | "not asked" | "in use";

/** Reads that are not synced need no scope: one that is not asked for is no fault. */
export function verdictOf(row: ScopeRow): ScopeVerdict {
  if (row.asked && row.granted === false) {
    return "not granted";
  }
  if (row.needed.length === 0) {
    return "more than needed";
  }
  return row.asked || row.granted ? "in use" : "not asked";
}

function weight(row: ScopeRow): number {
  return ["not granted", "more than needed", "in use", "not asked"].indexOf(verdictOf(row));
}
