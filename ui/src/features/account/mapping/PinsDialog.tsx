import { useQuery, useQueryClient } from "@tanstack/react-query";

import { backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Time } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { toastError } from "../../../components/Toasts";
import { JsonValue, textOf } from "../compare/JsonValue";

/** The pinned results of a model and whether they still hold. */
export function PinsDialog({ account, model, onOpen, onClose }: { account: string; model: string; onOpen: (resource: string, id: string) => void; onClose: () => void }) {
  const client = useQueryClient();
  const pins = useQuery({ queryKey: ["pins", account, model], queryFn: () => backend.pins(account, model) });
  const check = useQuery({ queryKey: ["checkPins", account, model], queryFn: () => backend.checkPins(account, model) });
  const unpin = (resource: string, id: string) =>
    backend.unpinRecord(account, model, resource, id).then(
      () => Promise.all([client.invalidateQueries({ queryKey: ["pins"] }), client.invalidateQueries({ queryKey: ["checkPins"] })]),
      toastError,
    );
  const error = pins.error ?? check.error;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Pinned results"
      description="A pinned record's unified result is what every later change is checked against."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {error && (
        <ErrorState
          compact
          error={error}
          onRetry={() => {
            for (const query of [pins, check].filter((each) => each.error)) {
              void query.refetch();
            }
          }}
        />
      )}
      {!pins.data && !error && <Skeleton className="mt-2" />}
      {pins.data?.length === 0 && (
        <p className="mt-2 text-ink-2">Nothing is pinned. Open a record in Compare and press Shift P once its result is right.</p>
      )}
      <ul className="mt-2 flex flex-col gap-2">
        {pins.data?.map((pin) => {
          const broken = check.data?.broken.filter((each) => each.id === pin.id && each.resource === pin.resource) ?? [];
          return (
            <li key={`${pin.resource}:${pin.id}`} className="rounded-md border border-line p-2">
              <div className="flex items-center gap-2">
                <button type="button" className="font-mono text-code text-accent hover:underline" onClick={() => onOpen(pin.resource, pin.id)}>
                  {pin.id}
                </button>
                {check.data && <Badge tone={broken.length > 0 ? "bad" : "ok"}>{broken.length > 0 ? "broken" : "holds"}</Badge>}
                <span className="text-ink-3">
                  {pin.actor}, <Time at={pin.at} />
                </span>
                <span className="ml-auto">
                  <Button small onClick={() => void unpin(pin.resource, pin.id)}>
                    Unpin
                  </Button>
                </span>
              </div>
              {pin.note && <p className="text-ink-2">{pin.note}</p>}
              {broken.map((each) => (
                <p key={each.field} className="flex gap-2">
                  <span className="font-medium">{each.field}</span> <JsonValue json={textOf(each.expected)} /> <span aria-label="became">→</span>{" "}
                  {each.message === null ? <JsonValue json={textOf(each.actual)} /> : <span className="text-bad">{each.message}</span>}
                </p>
              ))}
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
