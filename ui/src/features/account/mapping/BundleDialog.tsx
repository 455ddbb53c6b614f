import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type AccountView, type ExportedText, backend } from "../../../backend";
import { AuditHead } from "../../../components/AuditHead";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Dialog } from "../../../components/Dialog";
import { Field, Input, TextArea } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { ErrorState, Skeleton } from "../../../components/States";
import { Checkbox } from "../../../components/Toggles";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";
import { ChangeList, ScopeImpactList, UnfitList, harmOf, writtenCount } from "./ScopeImpactList";
import { scopeOf, writableLevels } from "./editedField";

/** Text to take away, with the audit's head beside it: the overrides as YAML, or the effective mapping as one JSONata document. */
export function ExportDialog({
  title,
  description,
  queryKey,
  load,
  onClose,
}: {
  title: string;
  description: string;
  queryKey: readonly unknown[];
  load: () => Promise<ExportedText>;
  onClose: () => void;
}) {
  const exported = useQuery({ queryKey, queryFn: load });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {exported.data && <CopyButton text label="Copy all of it" value={exported.data.text} />}
        </>
      }
    >
      {exported.error && <ErrorState compact error={exported.error} onRetry={() => void exported.refetch()} />}
      {exported.data ? (
        <div className="mt-2 flex flex-col gap-2">
          <TextArea aria-label={title} readOnly className="h-80 font-mono text-code" value={exported.data.text} />
          {exported.data.head && <AuditHead head={exported.data.head} />}
        </div>
      ) : (
        !exported.error && <Skeleton className="mt-2" />
      )}
    </Dialog>
  );
}

/** Overrides from a YAML bundle: what would change is shown first, then written. */
export function ImportDialog({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const client = useQueryClient();
  const [level, setLevel] = useState("account");
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [partial, setPartial] = useState(false);
  const [typed, setTyped] = useState("");
  const [although, setAlthough] = useState(false);
  const scope = scopeOf(level, account);
  const preview = useMutation({ mutationFn: () => backend.importBundle(level, scope, text, true, partial, null) });
  const write = useMutation({
    mutationFn: () => backend.importBundle(level, scope, text, false, partial, note.trim() === "" ? null : note.trim()),
    onSuccess: async (report) => {
      await client.invalidateQueries();
      toast(`${counted(writtenCount(report), "change")} imported`);
      onClose();
    },
  });
  const report = preview.data;
  const production = report?.accounts.find((each) => each.kind === "production");
  const harm = harmOf(report?.accounts ?? []);
  const confirmed = (!production || typed.trim() === scope) && (harm === null || although);
  const change = (next: () => void) => {
    preview.reset();
    setAlthough(false);
    next();
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Import overrides"
      description="Paste a bundle, or open its file. Nothing is written before you have seen what would change."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {report ? (
            <Button
              tone="primary"
              busy={write.isPending}
              disabled={!confirmed || writtenCount(report) === 0 || (report.unfit.length > 0 && !partial)}
              onClick={() => write.mutate()}
            >
              Write {counted(writtenCount(report), "change")}
            </Button>
          ) : (
            <Button tone="primary" busy={preview.isPending} disabled={text.trim() === ""} onClick={() => preview.mutate()}>
              Show what would change
            </Button>
          )}
        </>
      }
    >
      <div className="mt-3 flex flex-col gap-3">
        <div className="flex items-center gap-2">
          <Select
            label="Level"
            value={level}
            options={writableLevels(account.environment).map((each) => ({ value: each, label: each, detail: scopeOf(each, account) }))}
            onChange={(next) => change(() => setLevel(next))}
          />
          <input
            type="file"
            accept=".yaml,.yml"
            aria-label="Bundle file"
            onChange={(event) => {
              void event.target.files?.[0]?.text().then((read) => change(() => setText(read)));
            }}
          />
        </div>
        <TextArea aria-label="Bundle" className="h-40 font-mono text-code" value={text} onChange={(event) => change(() => setText(event.target.value))} />
        <Checkbox label="Leave out what does not fit" checked={partial} onChange={(on) => change(() => setPartial(on))} />
        {preview.error && <ErrorState compact error={preview.error} onRetry={() => preview.mutate()} />}
        {write.error && <ErrorState compact error={write.error} onRetry={() => write.mutate()} />}
        {report && (
          <>
            {report.written_for !== report.present && (
              <p className="text-warn">
                Written for version {report.written_for ?? "unknown"} of the connector; here is {report.present ?? "another"}.
              </p>
            )}
            <ScopeImpactList impact={report.accounts} />
            {harm !== null && <Checkbox label={`Write it although ${harm}`} checked={although} onChange={setAlthough} />}
            <ChangeList changes={report.changes} tables={report.tables} />
            <UnfitList unfit={report.unfit} />
            <Field label="Note" optional>
              {(control) => <Input {...control} value={note} onChange={(event) => setNote(event.target.value)} />}
            </Field>
            {production && (
              <Field
                label={
                  <>
                    This touches the production account {production.account}. Type <code className="font-mono text-code">{scope}</code> to confirm
                  </>
                }
              >
                {(control) => <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
              </Field>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
