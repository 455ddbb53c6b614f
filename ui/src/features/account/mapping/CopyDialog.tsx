import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useAccounts } from "../../../app/queries";
import { type AccountView, type ChangeReport, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { ErrorState, Skeleton } from "../../../components/States";
import { Checkbox } from "../../../components/Toggles";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";
import { ChangeList, ScopeImpactList, UnfitList, harmOf, writtenCount } from "./ScopeImpactList";

/** Where overrides go: to other accounts, up to the environment, or to the tenant's other account. */
export type CopyWay = "accounts" | "environment" | "twin";

const TITLES: Record<CopyWay, string> = {
  accounts: "Copy overrides to other accounts",
  environment: "Promote overrides to the environment",
  twin: "Promote overrides to the twin",
};

const MOST_ACCOUNTS = 40;

interface Props {
  account: AccountView;
  model: string;
  /** One field, or null for every override of the model. */
  field: string | null;
  way: CopyWay;
  onClose: () => void;
}

function run(account: string, way: CopyWay, to: string[], what: { model: string; field: string | null; tables: boolean }, dryRun: boolean, note: string | null): Promise<ChangeReport> {
  if (way === "accounts") {
    return backend.copyOverrides(account, to, what, dryRun, note);
  }
  return way === "environment"
    ? backend.promoteOverrides(account, what, dryRun, note)
    : backend.promoteToTwin(account, what, dryRun, note);
}

/** Shows what a copy would change before it is made: the accounts, the fields, the records. */
export function CopyDialog({ account, model, field, way, onClose }: Props) {
  const client = useQueryClient();
  const accounts = useAccounts();
  const [to, setTo] = useState<string[]>([]);
  const [find, setFind] = useState("");
  const [tables, setTables] = useState(false);
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const [although, setAlthough] = useState(false);
  const what = { model, field, tables };
  const ready = way !== "accounts" || to.length > 0;
  const preview = useQuery({
    queryKey: ["copyOverrides", account.id, way, to, what],
    queryFn: () => run(account.id, way, to, what, true, null),
    enabled: ready,
  });
  const copy = useMutation({
    mutationFn: () => run(account.id, way, to, what, false, note.trim() === "" ? null : note.trim()),
    onSuccess: async (report) => {
      await client.invalidateQueries();
      toast(`${counted(report.versions, "version")} written`);
      onClose();
    },
  });
  const production = preview.data?.accounts.find((each) => each.kind === "production" && each.account !== account.id);
  const harm = harmOf(preview.data?.accounts ?? []);
  const confirmed = (!production || typed.trim() === production.account) && (harm === null || although);
  const others = (accounts.data ?? []).filter(
    (each) => each.connector === account.connector && each.id !== account.id && each.id.includes(find.trim().toLowerCase()),
  );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={TITLES[way]}
      description={field === null ? `Every override of ${model} on ${account.id}.` : `The override of ${field} on ${account.id}.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            disabled={!preview.data || writtenCount(preview.data) === 0 || !confirmed}
            busy={copy.isPending}
            onClick={() => copy.mutate()}
          >
            Write {preview.data ? counted(writtenCount(preview.data), "change") : "changes"}
          </Button>
        </>
      }
    >
      <div className="mt-3 flex flex-col gap-3">
        {way === "accounts" && (
          <fieldset>
            <legend className="mb-1 font-medium">To</legend>
            <Input aria-label="Find an account" placeholder="Find an account" value={find} onChange={(event) => setFind(event.target.value)} />
            <div className="mt-2 flex max-h-36 flex-col gap-1 overflow-auto">
              {others.slice(0, MOST_ACCOUNTS).map((each) => (
                <Checkbox
                  key={each.id}
                  label={`${each.id} (${each.kind})`}
                  checked={to.includes(each.id)}
                  onChange={(on) => setTo(on ? [...to, each.id] : to.filter((id) => id !== each.id))}
                />
              ))}
              {others.length === 0 && <p className="text-ink-3">No other account of this connector is called so.</p>}
            </div>
          </fieldset>
        )}
        <Checkbox label="Tables too" detail="The tables the overrides use, at the same level." checked={tables} onChange={setTables} />
        {preview.error && <ErrorState compact error={preview.error} onRetry={() => void preview.refetch()} />}
        {ready && !preview.data && !preview.error && <Skeleton />}
        {preview.data && (
          <>
            <ScopeImpactList impact={preview.data.accounts} />
            {harm !== null && <Checkbox label={`Write it although ${harm}`} checked={although} onChange={setAlthough} />}
            <ChangeList changes={preview.data.changes} tables={preview.data.tables} />
            <UnfitList unfit={preview.data.unfit} />
          </>
        )}
        <Field label="Note" optional>
          {(control) => <Input {...control} value={note} onChange={(event) => setNote(event.target.value)} />}
        </Field>
        {production && (
          <Field
            label={
              <>
                {production.account} is a production account. Type <code className="font-mono text-code">{production.account}</code> to confirm
              </>
            }
          >
            {(control) => <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
          </Field>
        )}
        {copy.error && <ErrorState compact error={copy.error} onRetry={() => copy.mutate()} />}
      </div>
    </Dialog>
  );
}
