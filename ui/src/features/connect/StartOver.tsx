import { useState } from "react";

import { useAct } from "../../app/act";
import { BackendError, backend } from "../../backend";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/Dialog";
import { toast, toastError } from "../../components/Toasts";
import { STALE } from "./useConnecting";

/** Takes an account back that was added and could not be connected, after a question. */
export function StartOver({
  account,
  production,
  onGone,
}: {
  account: string;
  production: boolean;
  onGone: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const gone = () => {
    setAsking(false);
    onGone();
  };
  const remove = useAct(backend.removeAccount, {
    stale: STALE,
    done: () => {
      gone();
      toast(`${account} is removed`);
    },
    failed: (error) => {
      if (error instanceof BackendError && error.code === "not_found") {
        // Somebody else removed it already.
        gone();
        return;
      }
      setAsking(false);
      toastError(error);
    },
  });
  return (
    <>
      <Button
        tone="ghost"
        command={`Start over: remove ${account}`}
        busy={remove.busy}
        onClick={() => {
          setAsking(true);
        }}
      >
        Start over…
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          remove.run(account, production ? account : null);
        }}
        title={`Remove ${account}?`}
        confirmLabel="Remove account"
        busy={remove.busy}
        typed={production ? account : undefined}
        consequence="It was added and is not connected. Starting over removes it from this workspace with its credential, for good; what you typed stays in the form. Nothing is changed at the customer."
      />
    </>
  );
}
