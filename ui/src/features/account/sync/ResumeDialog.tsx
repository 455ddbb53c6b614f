import { useState } from "react";

import type { AccountView, ResumeOptions, RunDetail } from "../../../backend";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { ErrorState } from "../../../components/States";
import { Checkbox } from "../../../components/Toggles";
import { useNow } from "../../../components/now";
import { parsePages } from "./modes";
import { quietWords } from "./quiet";
import type { Questions } from "./resuming";

export interface Asked {
  run: RunDetail;
  account: AccountView;
  questions: Questions;
}

/** Asks what a run that is taken up again does not tell itself, and for the tenant's id where it marks records. */
export function ResumeDialog({
  asked,
  onClose,
  onResume,
}: {
  asked: Asked;
  onClose: () => void;
  onResume: (options: ResumeOptions) => Promise<void>;
}) {
  const { run, account, questions } = asked;
  const now = useNow();
  const [pages, setPages] = useState("");
  const [mark, setMark] = useState(false);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const most = parsePages(pages);
  const marks = questions.marks === "yes" || (questions.marks === "ask" && mark);
  const ready = (!questions.pages || typeof most === "number") && (!marks || typed.trim() === account.tenant);
  const go = () => {
    if (!ready || busy) {
      return;
    }
    setBusy(true);
    setFailure(null);
    onResume({
      pages: questions.pages ? (most ?? null) : null,
      mark_exported: questions.marks === "ask" ? mark : null,
      confirm: marks ? typed.trim() : null,
    }).catch((error: Error) => {
      setBusy(false);
      setFailure(error);
    });
  };
  const quiet = questions.quiet ? quietWords(questions.quiet, now) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={quiet ? `${account.tenant} wants ${quiet}: resume anyway?` : `Resume the ${run.mode} sync of ${run.resource}?`}
      description={
        marks ? (
          <>
            Every record this run stores is marked as exported on{" "}
            <strong>{account.config["instance_url"] ?? account.id}</strong> ({account.kind}). The customer&rsquo;s live integration
            reads the same flag and will not pick them up again.
          </>
        ) : (
          "It goes on where it stopped, as it was asked for."
        )
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone={marks ? "danger" : "primary"} disabled={!ready} busy={busy} onClick={go}>
            {marks ? "Resume and mark" : quiet ? "Resume anyway" : "Resume"}
          </Button>
        </>
      }
    >
      <form
        className="mt-3 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {questions.pages && (
          <Field
            label="Pages"
            help="How many it may read at most; what it was begun with was not kept."
            error={most === undefined ? "A whole number from 1." : undefined}
          >
            {(control) => <Input {...control} className="w-28" inputMode="numeric" value={pages} onChange={(event) => setPages(event.target.value)} />}
          </Field>
        )}
        {questions.marks === "ask" && (
          <Checkbox
            label="Mark records as exported"
            detail="Whether it was begun to mark them was not kept. Marked ones leave the queue the customer's live integration reads."
            checked={mark}
            onChange={setMark}
          />
        )}
        {marks && (
          <Field
            label={
              <>
                Type <code className="font-mono text-code">{account.tenant}</code> to confirm
              </>
            }
          >
            {(control) => <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
          </Field>
        )}
        {failure && <ErrorState compact error={failure} />}
      </form>
    </Dialog>
  );
}
