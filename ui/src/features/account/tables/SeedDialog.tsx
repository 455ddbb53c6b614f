import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { count, counted } from "../../../components/formats";
import { useResources } from "../queries";

/** Entries of an account's table out of its stored records: shown first, then written as one version. */
export function SeedDialog({ account, table, onClose, onSeeded }: { account: string; table: string; onClose: () => void; onSeeded: () => Promise<unknown> }) {
  const resources = useResources(account);
  const stored = (resources.data ?? []).filter((each) => each.stored > 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const [keyPath, setKeyPath] = useState("");
  const [valuePath, setValuePath] = useState("");
  const resource = chosen ?? stored[0]?.key ?? "";
  const columns = useQuery({
    queryKey: ["columns", account, resource],
    queryFn: () => backend.columns(account, resource),
    enabled: resource !== "",
  });
  const seed = (dryRun: boolean) =>
    backend.seedTable(account, table, resource, keyPath.trim(), valuePath.trim() === "" ? null : valuePath.trim(), dryRun);
  const preview = useMutation({ mutationFn: () => seed(true) });
  const write = useMutation({
    mutationFn: () => seed(false),
    onSuccess: async (version) => {
      await onSeeded();
      toast(`Version ${version.version} of ${table} is in force`);
      onClose();
    },
  });
  const change = (apply: () => void) => {
    preview.reset();
    write.reset();
    apply();
  };
  const ready = resource !== "" && keyPath.trim() !== "";
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Fill ${table} from records`}
      description="Takes each record's keys, and the value beside each where there is a path for it, from what is stored. Masked paths cannot be taken."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {preview.data ? (
            <Button tone="primary" busy={write.isPending} onClick={() => write.mutate()}>
              Write the entries
            </Button>
          ) : (
            <Button tone="primary" disabled={!ready} busy={preview.isPending} onClick={() => preview.mutate()}>
              Show what would change
            </Button>
          )}
        </>
      }
    >
      <div className="mt-3 flex flex-col gap-3">
        <Field label="Records of">
          {(control) => (
            <Select
              {...control}
              value={resource}
              options={stored.map((each) => ({ value: each.key, label: each.label }))}
              onChange={(next) => change(() => setChosen(next))}
            />
          )}
        </Field>
        <datalist id="seed-paths">
          {columns.data?.map((column) => <option key={column.path} value={column.path} />)}
        </datalist>
        <Field label="Path of the key">
          {(control) => (
            <Input {...control} list="seed-paths" className="font-mono text-code" value={keyPath} onChange={(event) => change(() => setKeyPath(event.target.value))} />
          )}
        </Field>
        <Field label="Path of the value" optional>
          {(control) => (
            <Input {...control} list="seed-paths" className="font-mono text-code" value={valuePath} onChange={(event) => change(() => setValuePath(event.target.value))} />
          )}
        </Field>
        {preview.error && <ErrorState compact error={preview.error} onRetry={() => preview.mutate()} />}
        {write.error && <ErrorState compact error={write.error} onRetry={() => write.mutate()} />}
        {preview.data && (
          <p role="status" className="flex gap-2">
            <Badge tone="ok">{count(preview.data.added)} added</Badge>
            <Badge tone="accent">{count(preview.data.changed)} changed</Badge>
            {preview.data.left_out > 0 && <Badge tone="warn">{counted(preview.data.left_out, "key")} without one value left out</Badge>}
          </p>
        )}
      </div>
    </Dialog>
  );
}
