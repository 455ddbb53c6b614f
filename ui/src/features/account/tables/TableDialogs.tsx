import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { type AuditHead as Head, type WhichTable, backend } from "../../../backend";
import { AuditHead } from "../../../components/AuditHead";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Dialog } from "../../../components/Dialog";
import { Input, TextArea } from "../../../components/Field";
import { Time } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { Checkbox } from "../../../components/Toggles";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";

const MOST = 50;

/** A table as CSV: out by copying, in by pasting or a file; what would change is shown before it is written. */
export function CsvDialog({ which, onClose, onImported }: { which: WhichTable; onClose: () => void; onImported: () => Promise<unknown> }) {
  const [text, setText] = useState("");
  const [replace, setReplace] = useState(false);
  const [note, setNote] = useState("");
  const [head, setHead] = useState<Head | null>(null);
  const copied = async () => {
    const exported = await backend.exportTable(which);
    setHead(exported.head);
    return exported.text;
  };
  const preview = useMutation({ mutationFn: () => backend.importTable(which, text, replace, true, null) });
  const write = useMutation({
    mutationFn: () => backend.importTable(which, text, replace, false, note.trim() === "" ? null : note.trim()),
    onSuccess: async (version) => {
      await onImported();
      toast(`Version ${version.version} of ${which.name} is in force`);
      onClose();
    },
  });
  const change = (next: () => void) => {
    preview.reset();
    next();
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`${which.name} as CSV`}
      description="Two columns, key and value, with a heading line."
      footer={
        <>
          <CopyButton text label="Copy the table as CSV" value={copied} />
          {preview.data ? (
            <Button tone="primary" busy={write.isPending} onClick={() => write.mutate()}>
              Write these changes
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
        {head && <AuditHead head={head} />}
        <input
          type="file"
          accept=".csv,text/csv"
          aria-label="CSV file"
          onChange={(event) => {
            void event.target.files?.[0]?.text().then((read) => change(() => setText(read)));
          }}
        />
        <TextArea
          aria-label="CSV"
          className="h-48 font-mono text-code"
          placeholder={"key,value\nCC-4410,Fleet Maintenance"}
          value={text}
          onChange={(event) => change(() => setText(event.target.value))}
        />
        <Checkbox
          label="Replace the whole table"
          detail="Entries that are not in the file are taken away."
          checked={replace}
          onChange={(on) => change(() => setReplace(on))}
        />
        {preview.error && <ErrorState compact error={preview.error} onRetry={() => preview.mutate()} />}
        {write.error && <ErrorState compact error={write.error} onRetry={() => write.mutate()} />}
        {preview.data && (
          <>
            <p role="status" className="flex gap-2">
              <Badge tone="ok">{preview.data.added} added</Badge>
              <Badge tone="accent">{preview.data.changed} changed</Badge>
              <Badge tone={preview.data.removed > 0 ? "bad" : "quiet"}>{preview.data.removed} removed</Badge>
            </p>
            <Input aria-label="Note on this version" placeholder="Note" value={note} onChange={(event) => setNote(event.target.value)} />
          </>
        )}
      </div>
    </Dialog>
  );
}

/** The versions of a table; any can be put in force again. */
export function TableHistoryDialog({ which, onClose, onRestored }: { which: WhichTable; onClose: () => void; onRestored: () => Promise<unknown> }) {
  const history = useQuery({ queryKey: ["tableHistory", which], queryFn: () => backend.tableHistory(which) });
  const restore = useMutation({
    mutationFn: (version: number) => backend.restoreTable(which, version, null),
    onSuccess: async () => {
      await onRestored();
      toast(`${which.name} is as it was`);
      onClose();
    },
  });
  return (
    <Dialog open wide onClose={onClose} title={`History of ${which.name}`} footer={<Button onClick={onClose}>Close</Button>}>
      {history.error && <ErrorState compact error={history.error} onRetry={() => void history.refetch()} />}
      {restore.error && <ErrorState compact error={restore.error} />}
      {!history.data && !history.error && <Skeleton />}
      {history.data?.length === 0 && <p className="text-ink-2">No version yet: save the first entries.</p>}
      <ol className="flex flex-col">
        {history.data?.slice(0, MOST).map((version, index) => (
          <li key={version.version} className="flex items-center gap-2 border-b border-line-2 py-1.5">
            <span className="font-medium">Version {version.version}</span>
            <span className="text-ink-2">
              {version.actor} · {counted(version.entries, "entry", "entries")} · +{version.added} ~{version.changed} −{version.removed}
            </span>
            {version.at !== null && <Time at={version.at} className="text-ink-3" />}
            <span className="min-w-0 truncate text-ink-2">{version.note}</span>
            <span className="ml-auto">
              {index === 0 ? (
                <Badge tone="ok">in force</Badge>
              ) : (
                <Button small busy={restore.isPending && restore.variables === version.version} onClick={() => restore.mutate(version.version)}>
                  Restore
                </Button>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
