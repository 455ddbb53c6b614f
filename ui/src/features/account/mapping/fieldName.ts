/** The name a raw key suggests for a unified field of the customer's own: `Cost Center-Code` is `cost_center_code`. */
export function suggestedField(key: string): string {
  const name = key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return /^[a-z]/.test(name) ? name : `field_${name}`.replace(/_$/, "");
}

/** A field "Map to…" can write to. */
export interface Target {
  field: string;
  label: string;
  expression: string | null;
}

function words(text: string): string[] {
  return suggestedField(text).split("_");
}

/** How well a raw key fits a field: shared words, counted twice where the field has no expression yet. */
function fit(key: string, target: Target): number {
  const wanted = new Set(words(key));
  const shared = [...words(target.field), ...words(target.label)].filter((word) => wanted.has(word)).length;
  return shared * (target.expression === null ? 2 : 1);
}

/** The fields to choose from for a raw key and what was typed, best first. */
export function targetsFor<T extends Target>(key: string, typed: string, targets: readonly T[]): T[] {
  const text = typed.trim().toLowerCase();
  return targets
    .filter((target) => text === "" || `${target.field} ${target.label}`.toLowerCase().includes(text))
    .map((target) => ({ target, fit: fit(key, target) }))
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ target }) => target);
}
