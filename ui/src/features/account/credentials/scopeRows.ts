import type { ScopeView } from "../../../backend";

/** What there is to say about a scope in one word. */
export type ScopeVerdict = "not granted" | "more than needed" | "in use" | "needed" | "not used yet";

/** A permission of an account, what needs it, and when it was last used. */
export interface ScopeRow extends ScopeView {
  verdict: ScopeVerdict;
  /** The resources that cannot be read without it. */
  reads: readonly string[];
}

/** A resource and the scopes a read of it needs, apart by spaces. */
interface Needing {
  label: string;
  scope: string | null;
}

const ORDER: ScopeVerdict[] = ["not granted", "more than needed", "in use", "needed", "not used yet"];

function verdictOf(scope: ScopeView, excess: readonly string[]): ScopeVerdict {
  if (scope.asked && scope.granted === false) {
    return "not granted";
  }
  if (excess.includes(scope.scope)) {
    return "more than needed";
  }
  if (scope.used_at !== null) {
    return "in use";
  }
  return scope.needed ? "needed" : "not used yet";
}

/** Every scope asked for or granted: what is missing first, then what is too much, then by name. */
export function scopeRows(
  scopes: readonly ScopeView[],
  excess: readonly string[],
  resources: readonly Needing[],
): ScopeRow[] {
  return scopes
    .map((scope) => ({
      ...scope,
      verdict: verdictOf(scope, excess),
      reads: resources
        .filter((each) => (each.scope ?? "").split(/[\s,]+/).includes(scope.scope))
        .map((each) => each.label),
    }))
    .toSorted(
      (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || a.scope.localeCompare(b.scope),
    );
}
