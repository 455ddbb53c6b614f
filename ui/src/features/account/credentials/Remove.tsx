import { useState } from "react";

import { useAct } from "../../../app/act";
import { tenantHref, useGo } from "../../../app/go";
import { type AccountView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";

/** Takes the account out of the workspace with everything that hangs on it, after a question. */
export function Remove({
  account,
  records,
  revocable,
}: {
  account: AccountView;
  /** How many records of it are stored; null: it is not known. */
  records: number | null;
  /** Whether there is still something that could be revoked first. */
  revocable: boolean;
}) {
  const go = useGo();
  const [asking, setAsking] = useState(false);
  const remove = useAct(backend.removeAccount, {
    stale: ["listAccounts", "listConnectors", "overview", "overviewTotals", "tenant", "alerts", "runs", "workspaceInfo"],
    done: () => {
      setAsking(false);
      go(tenantHref(account.tenant), { replace: true });
      toast(`${account.id} is removed`);
    },
    failed: () => {
      setAsking(false);
    },
  });
  const production = account.kind !== "sandbox";
  const stored = records === null ? "stored records" : counted(records, "stored record");
  return (
    <section aria-labelledby="remove-heading" className="max-w-4xl">
      <h2 id="remove-heading" className="mb-2 text-[15px] font-semibold">
        Remove it
      </h2>
      <div className="flex items-start justify-between gap-6 rounded-lg border border-bad/40 bg-panel p-3">
        <p className="text-ink-2">
          Takes the account out of this workspace with its records, runs, mapping changes, tables, pins and credentials.
          The audit keeps that it was there.
        </p>
        <Button
          tone="danger"
          busy={remove.busy}
          onClick={() => {
            setAsking(true);
          }}
        >
          Remove account…
        </Button>
      </div>
      {remove.error && (
        <div className="mt-2">
          <ErrorState compact error={remove.error} />
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          remove.run(account.id, production ? account.id : null);
        }}
        title={`Remove ${account.id}?`}
        confirmLabel="Remove account"
        busy={remove.busy}
        typed={production ? account.id : undefined}
        consequence={
          <>
            Removes its {stored}, its runs and answers of calls, its credentials (key, secret and tokens), and its own
            mapping changes, tables and pins.{" "}
            {revocable &&
              `Nothing is changed at the provider: revoke first if a token shall end there. The client ${account.client_id ?? "of this account"} works until the administrator deactivates it. `}
            It cannot be undone, and no backup brings records or credentials back: the key is destroyed.
          </>
        }
      />
    </section>
  );
}
