import type { ResourceDrift } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Time } from "../../../components/Figures";
import { count, counted } from "../../../components/formats";
import { detailOf, kindOf } from "./driftWords";

/** Changes shown; the command line lists them all. */
const MOST = 60;

function ReadBy({ fields }: { fields: readonly string[] }) {
  return fields.length === 0 ? <span className="text-ink-3">read by no field</span> : <span>read by {fields.join(", ")}</span>;
}

/** What the last run's records show otherwise than those of the runs before it. */
export function DriftDialog({ drift, label, onClose }: { drift: ResourceDrift | undefined; label: string; onClose: () => void }) {
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="What changed in the records"
      description={
        drift
          ? `The newest ${counted(drift.records, "record")} of the last run of ${label}, beside those of the runs before it.`
          : `No completed run of ${label} was looked at yet.`
      }
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {drift && (
        <div className="mt-2 flex flex-col gap-3">
          <p className="text-ink-2">
            Run of <Time at={drift.at} />
            {drift.compared_with === null ? (
              "; the first that was looked at. The next one is held against it."
            ) : (
              <>
                , held against that of <Time at={drift.compared_with} />.
              </>
            )}
          </p>
          {drift.compared_with !== null && drift.changes.length === 0 && <p className="text-ink-2">Paths, types and values are as they were.</p>}
          {drift.changes.length > 0 && (
            <ul aria-label="Changes in the records" className="flex flex-col gap-1">
              {drift.changes.slice(0, MOST).map((change) => {
                const kind = kindOf(change);
                return (
                  <li key={`${change.kind}:${change.path}`} className="flex flex-wrap items-baseline gap-2">
                    <Badge tone={kind.tone}>{kind.word}</Badge>
                    <span className="font-mono text-code">{change.path}</span>
                    {change.custom && <Badge>custom</Badge>}
                    <span className="text-ink-2">{detailOf(change)}</span>
                    <ReadBy fields={change.read_by} />
                  </li>
                );
              })}
              {drift.changes.length > MOST && <li className="text-ink-3">and {count(drift.changes.length - MOST)} more: xwalk drift lists them all</li>}
            </ul>
          )}
          {drift.gone.length > 0 && (
            <section aria-label="Still gone">
              <h3 className="font-medium">Still gone</h3>
              <ul className="flex flex-col gap-1">
                {drift.gone.slice(0, MOST).map((each) => (
                  <li key={each.path} className="flex flex-wrap items-baseline gap-2">
                    <span className="font-mono text-code">{each.path}</span>
                    <span className="text-ink-2">
                      since <Time at={each.since} />
                    </span>
                    <span className={each.read_by.length > 0 ? "text-bad" : ""}>
                      <ReadBy fields={each.read_by} />
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      )}
    </Dialog>
  );
}
