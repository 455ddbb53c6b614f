import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import { type AccountView, type ResourceRow, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { Kbd } from "../../../components/Kbd";
import { ErrorState } from "../../../components/States";
import { Checkbox } from "../../../components/Toggles";
import { MODES, confirmationFor, modeWords, parseBudget, parsePages } from "./modes";
import { useQuietNow } from "./useQuietNow";

interface Props {
  account: AccountView;
  resource: ResourceRow;
}

/** How to sync a resource: the mode with what it does to whom, the limits, and the start. */
export function SyncForm({ account, resource }: Props) {
  const client = useQueryClient();
  const group = useId();
  const [mode, setMode] = useState("test");
  const [pages, setPages] = useState("");
  const [budget, setBudget] = useState("");
  const [whole, setWhole] = useState(false);
  const [restart, setRestart] = useState(false);
  const [mark, setMark] = useState(false);
  const [asking, setAsking] = useState(false);
  const quiet = useQuietNow(account.id);
  const connector = useQuery({ queryKey: ["connector", account.connector], queryFn: () => backend.connector(account.connector) });
  const able = connector.data?.resources.find((each) => each.key === resource.key)?.modes;
  // A look at a few pages is possible wherever there is a list.
  const modes = able ? [...new Set(["test", ...able])] : MODES.map((each) => each.mode);
  const pageLimit = mode === "test" ? parsePages(pages) : null;
  const share = parseBudget(budget);
  const typed = confirmationFor(account, { mode, markExported: mark });

  const start = useMutation({
    mutationFn: () =>
      backend.startSync(account.id, resource.key, {
        mode,
        pages: pageLimit ?? null,
        budget: share ?? null,
        fields: whole ? "all" : null,
        restart,
        mark_exported: mode === "unexported" && mark,
        confirm: typed,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
  const ready = pageLimit !== undefined && share !== undefined && !start.isPending;
  const begin = () => {
    if (!ready) {
      return;
    }
    if (typed === null) {
      start.mutate();
    } else {
      setAsking(true);
    }
  };
  return (
    <form
      aria-label="Start a sync"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}
    >
      <fieldset className="grid grid-cols-2 gap-2">
        <legend className="mb-1 font-medium">Mode</legend>
        {modes.map(modeWords).map((words) => (
          <label
            key={words.mode}
            className={`flex gap-2 rounded-lg border p-2.5 ${mode === words.mode ? "border-accent bg-accent-soft" : "border-line bg-panel"}`}
          >
            <input
              type="radio"
              name={group}
              value={words.mode}
              checked={mode === words.mode}
              onChange={() => setMode(words.mode)}
              className="mt-1 shrink-0 self-start accent-accent"
            />
            <span>
              <span className="font-medium">{words.label}</span> <span className="text-ink-2">{words.purpose}</span>
              <ul className="mt-1 list-disc pl-4 text-[12px]/[17px] text-ink-2">
                {words.consequences.map((consequence) => (
                  <li key={consequence}>{consequence}</li>
                ))}
              </ul>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="flex flex-wrap items-start gap-4">
        {mode === "test" && (
          <Field
            label="Pages"
            optional
            help="Empty: 4."
            error={pageLimit === undefined ? "A whole number from 1." : undefined}
          >
            {(control) => <Input {...control} className="w-28" inputMode="numeric" value={pages} onChange={(event) => setPages(event.target.value)} />}
          </Field>
        )}
        <Field
          label="Budget in percent"
          optional
          help={`Empty: the account's share${account.kind === "production" ? ", small because live integrations share the instance" : ""}.`}
          error={share === undefined ? "A number from 1 to 100." : undefined}
        >
          {(control) => <Input {...control} className="w-28" inputMode="numeric" value={budget} onChange={(event) => setBudget(event.target.value)} />}
        </Field>
        <div className="flex flex-col gap-1.5 pt-1">
          {mode !== "test" && (
            <Checkbox label="Whole records" detail="Every field, not only those the mapping reads: 10 to 50 times more to carry." checked={whole} onChange={setWhole} />
          )}
          <Checkbox label="Begin anew" detail="Leaves a paused run's checkpoint behind." checked={restart} onChange={setRestart} />
          {mode === "unexported" && account.purpose === "write" && (
            <Checkbox
              label="Mark records as exported"
              detail="Takes them out of the queue the customer's live integration reads."
              checked={mark}
              onChange={setMark}
            />
          )}
        </div>
      </div>
      {start.error && <ErrorState compact error={start.error} onRetry={begin} />}
      <div className="flex items-center gap-2">
        <Button
          tone="primary"
          type="submit"
          command={`${modeWords(mode).label} sync of ${resource.label}`}
          busy={start.isPending}
          disabled={!ready}
        >
          Start {modeWords(mode).label.toLowerCase()} sync{quiet.data ? " anyway" : ""} <Kbd keys="Mod+Enter" />
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          start.mutate();
        }}
        title={`Mark ${resource.label.toLowerCase()} as exported?`}
        consequence={
          <>
            Every record this sync stores is marked as exported on{" "}
            <strong>{account.config["instance_url"] ?? account.id}</strong> ({account.kind}). The customer&rsquo;s live integration
            reads the same flag and will not pick them up again.
          </>
        }
        confirmLabel="Sync and mark"
        typed={typed ?? undefined}
      />
    </form>
  );
}
