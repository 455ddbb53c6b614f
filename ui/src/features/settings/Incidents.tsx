import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Circle } from "lucide-react";
import { useState } from "react";

import { useAct } from "../../app/act";
import { useTenants } from "../../app/queries";
import { type IncidentView, backend } from "../../backend";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Time } from "../../components/Figures";
import { Select } from "../../components/Select";
import { ErrorState, Skeleton } from "../../components/States";
import { toastError } from "../../components/Toasts";
import { Checkbox } from "../../components/Toggles";
import { Section } from "./Section";

const STALE = ["incidents"];

function Steps({ incident }: { incident: IncidentView }) {
  const tick = useAct(backend.tickIncident, { stale: STALE, failed: toastError });
  const going = incident.started_at !== null;
  return (
    <ol className="flex flex-col gap-2">
      {incident.steps.map((step) => (
        <li key={step.id}>
          {going && step.by_hand ? (
            <Checkbox
              checked={step.done}
              disabled={tick.busy}
              label={step.text}
              onChange={(done) => {
                tick.run(incident.id, step.id, done);
              }}
            />
          ) : (
            <div className="flex items-start gap-2">
              {step.done ? (
                <CircleCheck size={15} className="mt-[2px] shrink-0 text-ok" aria-label="done" />
              ) : (
                <Circle size={15} className="mt-[2px] shrink-0 text-ink-3" aria-label="open" />
              )}
              <span>
                {step.text}
                {step.evidence && <span className="block text-[12px]/[17px] text-ink-3">{step.evidence}</span>}
              </span>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function Incident({ incident }: { incident: IncidentView }) {
  const tenants = useTenants();
  const [tenant, setTenant] = useState<string | null>(null);
  const begin = useAct(backend.beginIncident, { stale: STALE });
  const end = useAct(backend.endIncident, { stale: STALE, failed: toastError });
  const going = incident.started_at !== null;
  const of = tenants.data?.find((each) => each.id === incident.tenant)?.name ?? incident.tenant;
  return (
    <>
      <Steps incident={incident} />
      <div className="flex items-end justify-end gap-2">
        {going ? (
          <>
            <span className="mr-auto text-ink-2">
              {of !== null && <>{of}, </>}begun <Time at={incident.started_at ?? ""} />
            </span>
            <Button
              command={`It is over: ${incident.title}`}
              busy={end.busy}
              onClick={() => {
                end.run(incident.id);
              }}
            >
              It is over
            </Button>
          </>
        ) : (
          <>
            {incident.of_tenant && (
              <Field label="Customer">
                {(control) => (
                  <Select
                    {...control}
                    className="w-56"
                    value={tenant}
                    options={(tenants.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
                    onChange={setTenant}
                  />
                )}
              </Field>
            )}
            <Button
              command={`Begin: ${incident.title}`}
              busy={begin.busy}
              disabled={incident.of_tenant && tenant === null}
              onClick={() => {
                begin.run(incident.id, tenant);
              }}
            >
              Begin
            </Button>
          </>
        )}
      </div>
      {begin.error && <ErrorState compact error={begin.error} />}
    </>
  );
}

/** What to do when something has happened, step by step; what the workspace sees is ticked off by itself. */
export function Incidents() {
  const incidents = useQuery({ queryKey: ["incidents"], queryFn: () => backend.incidents() });
  const [shown, setShown] = useState<string | null>(null);
  const all = incidents.data ?? [];
  const going = all.filter((each) => each.started_at !== null);
  const chosen = all.find((each) => each.id === shown) ?? going[0] ?? all[0];
  return (
    <Section
      title="Incidents"
      action={going.length > 0 && <Badge tone="bad">{going.length} going on</Badge>}
    >
      {incidents.error ? (
        <ErrorState compact error={incidents.error} onRetry={() => void incidents.refetch()} />
      ) : !chosen ? (
        <Skeleton lines={4} />
      ) : (
        <>
          <Field label="What has happened">
            {(control) => (
              <Select
                {...control}
                value={chosen.id}
                options={all.map((each) => ({
                  value: each.id,
                  label: each.title,
                  ...(each.started_at === null ? {} : { detail: "going on" }),
                }))}
                onChange={setShown}
              />
            )}
          </Field>
          <Incident key={chosen.id} incident={chosen} />
        </>
      )}
    </Section>
  );
}
