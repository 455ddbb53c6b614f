import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../../app/act";
import { HrefLink, tenantHref } from "../../../app/go";
import { type AccountView, type ResourceRow, type ScheduleInput, type ScheduleView, backend } from "../../../backend";
import { Field } from "../../../components/Field";
import { Time } from "../../../components/Figures";
import { Select } from "../../../components/Select";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast, toastError } from "../../../components/Toasts";
import { useNow } from "../../../components/now";
import { modeWords } from "./modes";
import { OFF, asBefore, chosenEvery, everyOptions, everyText, inputOf, scheduledModes } from "./schedule";

/** Times pass, and other programs of this workspace set schedules too. */
const LOOK_EVERY_MS = 60_000;

/** When a resource is synced by itself next, and what keeps it. */
function Next({ held }: { held: ScheduleView }) {
  const now = useNow();
  const due = held.next_at === null || Date.parse(held.next_at) <= now;
  return (
    <p className="text-ink-2" role="status">
      {due ? (
        "The next is due now."
      ) : (
        <>
          The next begins <Time at={held.next_at ?? ""} />.
        </>
      )}
      {held.waits !== null && (
        <span className="text-warn">
          {" "}
          It waits. {held.waits}
          {held.waits_until !== null && (
            <>
              {" "}
              It begins <Time at={held.waits_until} />.
            </>
          )}
        </span>
      )}
    </p>
  );
}

/** How often a resource is synced by itself: set at once, and taken back by the toast. */
export function SchedulePanel({ account, resource }: { account: AccountView; resource: ResourceRow }) {
  const schedules = useQuery({
    queryKey: ["schedules", account.id],
    queryFn: () => backend.schedules(account.id),
    refetchInterval: LOOK_EVERY_MS,
  });
  const connector = useQuery({ queryKey: ["connector", account.connector], queryFn: () => backend.connector(account.connector) });
  const modes = scheduledModes(connector.data?.resources.find((each) => each.key === resource.key)?.modes);
  const [wanted, setWanted] = useState<string | null>(null);
  const held = schedules.data?.find((each) => each.resource === resource.key);
  const mode = held?.mode ?? wanted ?? modes[0] ?? "full";
  const write = (next: ScheduleInput | null, _before: ScheduleInput | null) => backend.setSchedule(account.id, resource.key, next);
  const back = useAct(write, { stale: ["schedules"] });
  const set = useAct(write, {
    stale: ["schedules"],
    // Chosen again, or not at all: a retry could overwrite what was chosen since.
    failed: (error) => toastError(error),
    done: (_views, next, before) => {
      toast(
        next
          ? `${resource.label}: ${modeWords(next.mode).label.toLowerCase()} sync ${everyText(next.every)}`
          : `${resource.label} is no longer synced by itself`,
        { undo: () => back.ended(before, next) },
      );
    },
  });
  const change = (every: string, as: string) => {
    const next = inputOf(every, as);
    if (next?.every !== held?.every || next?.mode !== held?.mode) {
      set.run(next, asBefore(held));
    }
  };
  const error = schedules.error ?? connector.error;
  if (error) {
    const again = () => {
      void schedules.refetch();
      void connector.refetch();
    };
    return <ErrorState compact error={error} onRetry={again} />;
  }
  if (!schedules.data || !connector.data) {
    return <Skeleton lines={2} />;
  }
  if (modes.length === 0) {
    return null;
  }
  const others = schedules.data.filter((each) => each.resource !== resource.key);
  return (
    <section aria-labelledby="schedule-heading" className="flex flex-col gap-2 rounded-lg border border-line bg-panel p-3">
      <h2 id="schedule-heading" className="font-semibold">
        Schedule
      </h2>
      <div className="flex flex-wrap items-start gap-4">
        <Field label={`Sync ${resource.label.toLowerCase()} by itself`}>
          {(control) => (
            <Select
              {...control}
              className="w-44"
              value={chosenEvery(held?.every ?? null)}
              options={everyOptions(held?.every ?? null)}
              disabled={set.busy}
              onChange={(every) => change(every === chosenEvery(held?.every ?? null) ? (held?.every ?? OFF) : every, mode)}
            />
          )}
        </Field>
        <Field label="Mode of these syncs">
          {(control) => (
            <Select
              {...control}
              className="w-44"
              value={mode}
              options={[...new Set([...modes, mode])].map((each) => ({ value: each, label: modeWords(each).label }))}
              disabled={set.busy}
              onChange={(as) => {
                setWanted(as);
                if (held) {
                  change(held.every, as);
                }
              }}
            />
          )}
        </Field>
      </div>
      {held && <Next held={held} />}
      {others.length > 0 && (
        <p className="text-ink-3">
          Also by itself: {others.map((each) => `${each.resource} ${everyText(each.every)}`).join(", ")}.
        </p>
      )}
      <p className="text-ink-3">
        While the window or its tray icon runs, or xwalk daemon.{" "}
        <HrefLink href={tenantHref(account.tenant)} className="text-accent underline">
          When {account.tenant} wants quiet
        </HrefLink>
      </p>
    </section>
  );
}
