import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../../app/act";
import { type AccountView, type RetentionView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { Time } from "../../../components/Figures";
import { Select } from "../../../components/Select";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";

const CHOICES = [
  { value: "default", label: "30 days, as usual" },
  { value: "days", label: "Days of your own" },
  { value: "none", label: "Never on disk" },
];

/** The retention a form means; null while it means none. */
export function wantedOf(choice: string, days: string): string | null {
  if (choice !== "days") {
    return choice;
  }
  return /^[1-9]\d{0,3}$/.test(days.trim()) && Number(days) <= 3650 ? days.trim() : null;
}

/** How long the account's records are kept, from their last fetch. */
export function Retention({ account }: { account: AccountView }) {
  const held = useQuery({ queryKey: ["retention", account.id], queryFn: () => backend.retention(account.id, null) });
  if (held.error) {
    return <ErrorState compact error={held.error} onRetry={() => void held.refetch()} />;
  }
  return held.data ? <Form key={held.data.retention} account={account} held={held.data} /> : null;
}

function Form({ account, held }: { account: AccountView; held: RetentionView }) {
  const own = held.retention !== "default" && held.retention !== "none";
  const [choice, setChoice] = useState(own ? "days" : held.retention);
  const [days, setDays] = useState(own ? held.retention : "14");
  const [asked, setAsked] = useState<RetentionView | null>(null);
  const wanted = wantedOf(choice, days);
  const set = useAct(backend.setRetention, {
    stale: ["retention", "resources", "overview", "alerts", "credentialHistory"],
    done: () => {
      setAsked(null);
      toast("The retention is saved");
    },
    failed: () => {
      setAsked(null);
    },
  });
  const look = useAct(backend.retention, {
    done: (view) => {
      if (view.due > 0) {
        setAsked(view);
      } else {
        set.run(account.id, view.retention);
      }
    },
  });
  const error = set.error ?? look.error;
  return (
    <section aria-labelledby="retention-heading" className="max-w-4xl">
      <h2 id="retention-heading" className="mb-2 text-[15px] font-semibold">
        Retention
      </h2>
      <form
        aria-label="Retention"
        className="flex flex-wrap items-start gap-3 rounded-lg border border-line bg-panel p-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== null && !look.busy && !set.busy) {
            look.run(account.id, wanted);
          }
        }}
      >
        <Field label="Records are kept" help="From their last fetch. An alert tells of it seven days ahead.">
          {(control) => <Select {...control} className="w-56" value={choice} options={CHOICES} onChange={setChoice} />}
        </Field>
        {choice === "days" && (
          <Field label="Days" error={wanted === null ? "A number from 1 to 3650." : undefined}>
            {(control) => <Input {...control} inputMode="numeric" className="w-24" value={days} onChange={(event) => setDays(event.target.value)} />}
          </Field>
        )}
        <Button
          type="submit"
          className="mt-6"
          command={`Save the retention of ${account.id}`}
          disabled={wanted === null || wanted === held.retention}
          busy={look.busy || set.busy}
        >
          Save
        </Button>
        {held.oldest_ends_at !== null && held.days > 0 && (
          <span className="mt-7 text-ink-3">
            The oldest goes <Time at={held.oldest_ends_at} />
          </span>
        )}
        {held.log_due && (
          <span className="mt-7 text-ink-3">What was removed is still in the log of the database: it goes when whoever reads it now is done.</span>
        )}
      </form>
      {error && (
        <div className="mt-2">
          <ErrorState compact error={error} />
        </div>
      )}
      <ConfirmDialog
        open={asked !== null}
        onClose={() => {
          setAsked(null);
        }}
        onConfirm={() => {
          if (asked) {
            set.run(account.id, asked.retention);
          }
        }}
        title="Remove what is older?"
        confirmLabel="Save and remove"
        busy={set.busy}
        typed={account.kind !== "sandbox" ? account.id : undefined}
        consequence={
          asked && (
            <>
              {counted(asked.due, "stored record is older than that. It is", "stored records are older than that. They are")} removed at once,
              from the database and its log; ids and times stay. Only a sync brings back what the provider still has.
            </>
          )
        }
      />
    </section>
  );
}
