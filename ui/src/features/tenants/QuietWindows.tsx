import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";

import { useAct } from "../../app/act";
import { type QuietView, type QuietWindowView, backend } from "../../backend";
import { Button, IconButton } from "../../components/Button";
import { Input } from "../../components/Field";
import { Select } from "../../components/Select";
import { ErrorState, Skeleton } from "../../components/States";
import { toast } from "../../components/Toasts";
import { Checkbox } from "../../components/Toggles";
import { useNow } from "../../components/now";
import { quietWords } from "../account/sync/quiet";
import { DAYS, WORKING_HOURS, ofKind, windowFault, windowWords } from "./quietTimes";

const KINDS = [
  { value: "days", label: "Days of the week" },
  { value: "month", label: "End of the month" },
];

/** One window as a line of fields. */
function Row({
  window,
  name,
  zone,
  onChange,
  onRemove,
}: {
  window: QuietWindowView;
  name: string;
  /** This machine's time zone. */
  zone: string | null;
  onChange: (window: QuietWindowView) => void;
  onRemove: () => void;
}) {
  const fault = windowFault(window);
  const change = (part: Partial<QuietWindowView>) => onChange({ ...window, ...part });
  const hours = window.from !== null || window.to !== null;
  return (
    <div role="group" aria-label={name} className="flex flex-col gap-1 border-b border-line-2 pb-2">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label="Kind"
          className="w-40"
          value={window.month_end === null ? "days" : "month"}
          options={KINDS}
          onChange={(kind) => onChange(ofKind(window, kind))}
        />
        {window.month_end === null ? (
          <>
            <Select label="First day" className="w-32" value={window.from_day} options={[...DAYS]} onChange={(from_day) => change({ from_day })} />
            to
            <Select label="Last day" className="w-32" value={window.to_day} options={[...DAYS]} onChange={(to_day) => change({ to_day })} />
            <Checkbox
              label="All day"
              checked={!hours}
              onChange={(all) => change(all ? { from: null, to: null } : { from: WORKING_HOURS.from, to: WORKING_HOURS.to })}
            />
            {hours && (
              <>
                <Input type="time" aria-label="From" className="w-28" value={window.from ?? ""} onChange={(event) => change({ from: event.target.value })} />
                to
                <Input type="time" aria-label="To" className="w-28" value={window.to ?? ""} onChange={(event) => change({ to: event.target.value })} />
              </>
            )}
          </>
        ) : (
          <>
            the last
            <Input
              aria-label="Days"
              inputMode="numeric"
              className="w-16"
              value={String(window.month_end)}
              onChange={(event) => change({ month_end: Number(event.target.value.replaceAll(/\D/g, "")) })}
            />
            days
          </>
        )}
        <Input
          aria-label="Time zone"
          className="w-48"
          placeholder={zone ? `This machine's: ${zone}` : "This machine's zone"}
          value={window.zone ?? ""}
          onChange={(event) => change({ zone: event.target.value.trim() || null })}
        />
        <IconButton label={`Remove ${name.toLowerCase()}`} icon={<X size={14} aria-hidden />} onClick={onRemove} />
      </div>
      {fault && (
        <p role="alert" className="text-[12px]/[17px] text-bad">
          {fault}
        </p>
      )}
    </div>
  );
}

function Form({ tenant, held }: { tenant: string; held: QuietView }) {
  const now = useNow();
  const [draft, setDraft] = useState<QuietWindowView[] | null>(null);
  const stale = ["quiet", "quietNow", "schedules"];
  const write = (windows: QuietWindowView[], _before: QuietWindowView[]) => backend.setQuiet(tenant, windows);
  const back = useAct(write, { stale });
  const save = useAct(write, {
    stale,
    done: (_held, windows, before) => {
      setDraft(null);
      toast("The quiet windows are saved", { undo: () => back.ended(before, windows) });
    },
  });
  const shown = draft ?? held.windows;
  const dirty = draft !== null && JSON.stringify(draft) !== JSON.stringify(held.windows);
  const change = (index: number, window: QuietWindowView) => setDraft(shown.map((each, at) => (at === index ? window : each)));
  const sound = shown.every((window) => windowFault(window) === null);
  return (
    <form
      className="mt-2 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (sound && !save.busy) {
          save.run(shown, held.windows);
        }
      }}
    >
      {save.error && <ErrorState compact error={save.error} />}
      {held.now && <p className="text-warn">It is {quietWords(held.now, now)}.</p>}
      {!dirty && held.windows.length > 0 && <p className="text-ink-2">{held.windows.map(windowWords).join("; ")}.</p>}
      {shown.map((window, index) => (
        <Row
          // oxlint-disable-next-line react/no-array-index-key -- windows have no name of their own
          key={index}
          window={window}
          name={`Window ${index + 1}`}
          zone={held.zone}
          onChange={(next) => change(index, next)}
          onRemove={() => setDraft(shown.filter((_, at) => at !== index))}
        />
      ))}
      <div className="flex items-center gap-2">
        <Button small command="Add a quiet window" icon={<Plus size={13} aria-hidden />} onClick={() => setDraft([...shown, WORKING_HOURS])}>
          Add a window
        </Button>
        {dirty && (
          <span className="ml-auto flex gap-2">
            <Button command="Discard the draft of the quiet windows" onClick={() => setDraft(null)}>
              Discard
            </Button>
            <Button type="submit" tone="primary" command="Save the quiet windows" disabled={!sound} busy={save.busy}>
              Save
            </Button>
          </span>
        )}
      </div>
    </form>
  );
}

/** When a customer wants no scheduled syncs: days of the week with their hours, or the end of the month. */
export function QuietWindows({ tenant }: { tenant: string }) {
  const quiet = useQuery({ queryKey: ["quiet", tenant], queryFn: () => backend.quiet(tenant) });
  return (
    <section aria-labelledby="quiet-heading" className="rounded-lg border border-line bg-panel p-4">
      <h2 id="quiet-heading" className="font-semibold">
        Quiet windows
      </h2>
      <p className="text-ink-2">Scheduled syncs of this customer wait until they end; a sync started by hand says so and goes on.</p>
      {quiet.error ? (
        <div className="mt-2">
          <ErrorState compact error={quiet.error} onRetry={() => void quiet.refetch()} />
        </div>
      ) : quiet.data ? (
        <Form tenant={tenant} held={quiet.data} />
      ) : (
        <Skeleton className="mt-2" lines={2} />
      )}
    </section>
  );
}
