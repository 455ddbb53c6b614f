import type { BundleChange, ScopeImpact, TableChangeView } from "../../../backend";
import { KindBadge } from "../../../components/Badge";
import { count, counted } from "../../../components/formats";
import { DifferenceText } from "./DifferenceText";
import { impactText } from "./impactOrder";

const MOST = 60;
/** Pins named for each account; the rest is in the tooltip. */
const MOST_PINS = 3;

/** The accounts a change touches and how many of their records change. */
export function ScopeImpactList({ impact }: { impact: readonly ScopeImpact[] }) {
  return (
    <ul aria-label="Accounts this touches" className="flex flex-col gap-1">
      {impact.map((each) => (
        <li key={each.account} className="flex items-center gap-2">
          <span className="font-medium">{each.account}</span>
          <KindBadge kind={each.kind} />
          {each.error === null ? (
            <span className={each.newly_failing > 0 ? "text-bad" : "text-ink-2"}>
              {impactText(each.changed, each.records)}
              {each.newly_failing > 0 ? `, ${counted(each.newly_failing, "field")} newly failing` : ""}
              {each.pins > 0 && each.broken_pins.length === 0 ? `, ${counted(each.pins, "pin holds", "pins hold")}` : ""}
            </span>
          ) : (
            <span className="text-bad">{each.error}</span>
          )}
          {each.broken_pins.length > 0 && (
            <span className="min-w-0 truncate text-bad" title={each.broken_pins.join("\n")}>
              breaks {counted(each.broken_pins.length, "pinned field")}: {each.broken_pins.slice(0, MOST_PINS).join("; ")}
              {each.broken_pins.length > MOST_PINS ? "; …" : ""}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What speaks against writing a change: records that newly fail, pins that no longer hold; null if nothing does. */
export function harmOf(impact: readonly ScopeImpact[]): string | null {
  if (impact.some((each) => each.newly_failing > 0)) {
    return "records newly fail";
  }
  return impact.some((each) => each.broken_pins.length > 0) ? "pins no longer hold" : null;
}

/** What is to be written: overrides, and tables beside them. */
export interface Written {
  changes: readonly BundleChange[];
  tables: readonly TableChangeView[];
}

/** How many things a report writes: a table counts as one. */
export function writtenCount({ changes, tables }: Written): number {
  return changes.length + tables.length;
}

/** What is written where, before and after; of a table, how many of its entries. */
export function ChangeList({ changes, tables }: Written) {
  if (changes.length + tables.length === 0) {
    return <p className="text-ink-2">Nothing would change: both sides say the same.</p>;
  }
  return (
    <ul aria-label="Changes" className="flex flex-col gap-2">
      {changes.slice(0, MOST).map((change) => (
        <li key={`${change.scope}:${change.model}:${change.resource ?? ""}:${change.request ? "?" : ""}${change.field}`} className="rounded-md border border-line p-2">
          <p>
            <span className="font-medium">{change.request ? `filter ${change.field}` : change.field}</span>{" "}
            <span className="text-ink-3">
              {change.model} in {change.scope}
            </span>
          </p>
          <DifferenceText before={change.before} after={change.after} />
        </li>
      ))}
      {changes.length > MOST && <li className="text-ink-3">and {count(changes.length - MOST)} more</li>}
      {tables.map(({ scope, table, added, changed, removed }) => (
        <li key={`table:${scope}:${table}`} className="rounded-md border border-line p-2">
          <p>
            <span className="font-medium">table {table}</span> <span className="text-ink-3">in {scope}</span>
          </p>
          <p className="text-ink-2 tabular-nums">
            {counted(added, "entry", "entries")} added, {count(changed)} changed, {count(removed)} removed
          </p>
        </li>
      ))}
    </ul>
  );
}

/** What does not fit there, with the reason. */
export function UnfitList({ unfit }: { unfit: readonly { model: string; field: string; reason: string }[] }) {
  return unfit.length === 0 ? null : (
    <ul aria-label="Does not fit" className="text-bad">
      {unfit.map((each) => (
        <li key={`${each.model}:${each.field}`}>
          {each.field}: {each.reason}
        </li>
      ))}
    </ul>
  );
}
