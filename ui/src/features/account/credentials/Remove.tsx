import { useState } from "react";

import { useAct } from "../../../app/act";
import { tenantHref, useGo } from "../../../app/go";
import { type AccountView, backend } from "../../../backend";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";
import { Ending } from "./Ending";

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
  const stored = records === null ? "stored records" : counted(records, "stored record");
  return (
    <Ending
      account={account}
      heading="Remove it"
      label="Remove account"
      question={`Remove ${account.id}?`}
      grave
      busy={remove.busy}
      error={remove.error}
      asking={asking}
      onAsk={setAsking}
      onConfirm={(typed) => remove.run(account.id, typed)}
      about="Takes the account out of this workspace with its records, runs, mapping changes, tables, pins and credentials. The audit keeps that it was there."
      consequence={
        <>
          Removes its {stored}, its runs and answers of calls, its credentials (key, secret and tokens), and its own mapping
          changes, tables and pins.{" "}
          {revocable &&
            `Nothing is changed at the provider: revoke first if a token shall end there. The client ${account.client_id ?? "of this account"} works until the administrator deactivates it. `}
          It cannot be undone, and no backup brings records or credentials back: the key is destroyed.
        </>
      }
    />
  );
}
