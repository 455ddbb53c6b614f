import { useMemo } from "react";

import { type TableChange, type TableView, backend } from "../../../backend";
import { count, counted } from "../../../components/formats";
import { impactText } from "../mapping/impactOrder";
import { type HearImpact, useImpactRun } from "../mapping/useImpactRun";

/** One at a time for the whole window: a new one ends the one before. */
const IMPACT = "table-grid";

/** What unsaved edits of a table change in the account's stored records. */
export function TableImpact({
  account,
  table,
  changes,
}: {
  account: string;
  table: Pick<TableView, "name" | "level">;
  changes: readonly TableChange[];
}) {
  const { name, level } = table;
  // The edits are another list with every drawing; only another content asks again.
  const asked = JSON.stringify(changes);
  const ask = useMemo(
    () => (hear: HearImpact) =>
      backend.startTableImpact(IMPACT, account, name, level, JSON.parse(asked) as TableChange[], hear),
    [account, name, level, asked],
  );
  const { impact, error, running, done, total } = useImpactRun(IMPACT, ask);
  if (error) {
    return <p role="alert" className="text-bad">What these edits change is not known: {error.message}</p>;
  }
  if (running || !impact) {
    return <p className="text-ink-3">{total > 0 ? `Going through ${count(done)} of ${count(total)} records` : "Going through the stored records"}</p>;
  }
  return (
    <p role="status" aria-label="Impact" className="text-ink-2">
      {impactText(impact.changed, impact.records)}
      {impact.newly_failing > 0 && <span className="text-bad">, {count(impact.newly_failing)} newly failing</span>}
      {impact.newly_filled > 0 && `, ${count(impact.newly_filled)} newly filled`}
      {impact.newly_empty > 0 && `, ${count(impact.newly_empty)} newly empty`}
      {impact.pins.broken.length > 0 && <span className="text-bad">, {counted(impact.pins.broken.length, "pin")} broken</span>}
    </p>
  );
}
