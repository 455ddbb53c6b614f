import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { useAct } from "../../app/act";
import { useGo } from "../../app/go";
import { type TenantDetail, backend } from "../../backend";
import { ConfirmDialog } from "../../components/Dialog";
import { ErrorState } from "../../components/States";
import { toast, toastError } from "../../components/Toasts";
import { counted } from "../../components/formats";

const STALE = ["listTenants", "listAccounts", "listConnectors", "overview", "overviewTotals", "alerts", "workspaceInfo"];

interface Props {
  tenant: TenantDetail;
  onClose: () => void;
}

/** Removes a customer, after a question: at once and with an undo where it has no accounts, else with all of them. */
export function RemoveTenant({ tenant, onClose }: Props) {
  // As it was when it was asked: each account that goes changes what the page knows.
  const [asked] = useState(tenant);
  return asked.accounts.length === 0 ? (
    <RemoveLonely tenant={asked} onClose={onClose} />
  ) : (
    <RemoveWhole tenant={asked} onClose={onClose} />
  );
}

function RemoveLonely({ tenant, onClose }: Props) {
  const go = useGo();
  const restore = useAct(backend.restoreTenant, { stale: STALE });
  const remove = useAct(backend.removeTenant, {
    stale: STALE,
    // Asked again in the dialog, or not at all.
    failed: (error) => toastError(error),
    done: () => {
      onClose();
      go("/tenants", { replace: true });
      toast(`${tenant.name} is removed`, {
        undo: () => restore.ended(tenant.id),
      });
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => {
        remove.run(tenant.id);
      }}
      title={`Remove ${tenant.name}?`}
      confirmLabel="Remove tenant"
      busy={remove.busy}
      consequence="It has no accounts, so this can be undone while the window is open."
    />
  );
}

/** How far a removal came. */
interface Progress {
  gone: readonly string[];
  /** The account whose turn it is; null: the tenant's own. */
  at: string | null;
}

/** One account after the other, each by the command that opens the vault and destroys its keys, then the tenant. */
function RemoveWhole({ tenant, onClose }: Props) {
  const go = useGo();
  const client = useQueryClient();
  const [{ gone, at }, setProgress] = useState<Progress>({ gone: [], at: null });
  const left = useRef(false);
  const all = tenant.accounts;
  const production = all.some((row) => row.kind !== "sandbox");
  const ids = all.map((row) => row.id).join(", ");
  const removal = useMutation({
    mutationFn: async () => {
      const done = [...gone];
      for (const { id } of all) {
        if (done.includes(id)) {
          continue;
        }
        if (left.current) {
          return { whole: false, done: done.length };
        }
        setProgress({ gone: [...done], at: id });
        // The tenant's id was typed in view of every account it stands for.
        await backend.removeAccount(id, id);
        done.push(id);
        setProgress({ gone: [...done], at: null });
      }
      if (left.current) {
        return { whole: false, done: done.length };
      }
      await backend.removeTenant(tenant.id);
      return { whole: true, done: done.length };
    },
    onSuccess: ({ whole, done }) => {
      if (whole) {
        onClose();
        go("/tenants", { replace: true });
        toast(`${tenant.name} is removed`);
      } else {
        toast(`Stopped: ${String(done)} of ${counted(all.length, "account")} are removed, ${tenant.name} stays`);
      }
    },
    onError: (error) => {
      if (left.current) {
        toastError(error);
      }
    },
    onSettled: async (ended) => {
      const stale = ended?.whole === true ? STALE : [...STALE, "tenant"];
      await Promise.all(stale.map((name) => client.invalidateQueries({ queryKey: [name] })));
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={() => {
        // What goes on ends after the account whose turn it is.
        left.current = true;
        onClose();
      }}
      onConfirm={() => {
        removal.mutate();
      }}
      title={`Remove ${tenant.name}?`}
      confirmLabel={gone.length > 0 ? "Remove the rest" : "Remove tenant"}
      busy={removal.isPending}
      typed={production ? tenant.id : undefined}
      consequence={
        <>
          <p>
            Removes {counted(all.length, "account")} one after the other, each with its stored records, runs, mapping
            changes and credentials, and then the tenant: <strong className="font-medium text-ink">{ids}</strong>.
          </p>
          <p className="mt-1">
            Nothing is changed at the customer: clients and tokens stay valid there until they are revoked or expire. It
            cannot be undone, and no backup brings records or credentials back: their keys are destroyed.
          </p>
          {(removal.isPending || removal.error) && (
            <p role="status" className="mt-2 text-ink">
              {String(gone.length)} of {counted(all.length, "account")} removed
              {removal.isPending && (at === null ? `, now ${tenant.name} itself…` : `, now ${at}…`)}
            </p>
          )}
          {removal.error && !removal.isPending && (
            <div className="mt-2">
              <p className="mb-1">{at ?? tenant.name} could not be removed:</p>
              <ErrorState compact error={removal.error} />
            </div>
          )}
        </>
      }
    />
  );
}
