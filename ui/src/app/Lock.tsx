import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock as LockIcon } from "lucide-react";
import { useEffect, useState } from "react";

import { backend, listen } from "../backend";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { Field, Input } from "../components/Field";
import { ErrorState } from "../components/States";
import { toast, toastError } from "../components/Toasts";
import { useCommand } from "../keyboard/commands";
import { useAct } from "./act";

/** Inputs are reported at most this often. */
const REPORT_MS = 20_000;

const INPUTS = ["pointerdown", "keydown", "wheel"] as const;

/** Tells the shell that somebody is there. */
function useTouch() {
  useEffect(() => {
    let last = 0;
    const touched = () => {
      const now = Date.now();
      if (now - last < REPORT_MS) {
        return;
      }
      last = now;
      // A shell that does not answer says so on every screen.
      backend.touch().catch(() => undefined);
    };
    for (const input of INPUTS) {
      window.addEventListener(input, touched, { capture: true, passive: true });
    }
    return () => {
      for (const input of INPUTS) {
        window.removeEventListener(input, touched, { capture: true });
      }
    };
  }, []);
}

function Unlock({ by, onClose }: { by: string; onClose: () => void }) {
  const client = useQueryClient();
  const [answer, setAnswer] = useState("");
  const unlock = useAct(backend.unlockWindow, {
    done: (state) => {
      client.setQueryData(["lockState"], state);
      toast("The window is unlocked");
      onClose();
    },
  });
  const passphrase = by === "passphrase";
  return (
    <Dialog
      open
      onClose={onClose}
      title="Unlock the window"
      description={
        passphrase
          ? "The passphrase of the vault opens it."
          : "The secrets are in the key ring of this system, which may ask for its password."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form="unlock" busy={unlock.busy} disabled={answer === ""}>
            Unlock
          </Button>
        </>
      }
    >
      <form
        id="unlock"
        className="mt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!unlock.busy && answer !== "") {
            unlock.run(answer);
            setAnswer("");
          }
        }}
      >
        <Field
          label={
            passphrase ? (
              "Passphrase"
            ) : (
              <>
                Type <code className="font-mono text-code">unlock</code>
              </>
            )
          }
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              type={passphrase ? "password" : "text"}
              autoComplete="off"
              value={answer}
              onChange={(event) => {
                setAnswer(event.target.value);
              }}
            />
          )}
        </Field>
      </form>
      {unlock.error && (
        <div className="mt-3">
          <ErrorState error={unlock.error} compact />
        </div>
      )}
    </Dialog>
  );
}

/** The idle lock: reports inputs, says when the window is locked, and opens it again. */
export function Lock() {
  const client = useQueryClient();
  const state = useQuery({ queryKey: ["lockState"], queryFn: () => backend.lockState() });
  const [asking, setAsking] = useState(false);
  useTouch();
  useEffect(
    () =>
      listen("lock-changed", () => {
        void client.invalidateQueries({ queryKey: ["lockState"] });
      }),
    [client],
  );
  const locked = state.data?.locked ?? false;
  useCommand({
    id: "lock",
    label: locked ? "Unlock the window" : "Lock the window",
    group: "Window",
    words: "idle away reveal",
    run: () => {
      if (locked) {
        setAsking(true);
      } else {
        backend
          .lockWindow()
          .then((now) => {
            client.setQueryData(["lockState"], now);
          })
          .catch(toastError);
      }
    },
  });
  if (!locked) {
    return null;
  }
  return (
    <>
      <div
        role="status"
        className="fixed bottom-3 left-4 z-30 flex items-center gap-3 rounded-full border border-warn bg-panel py-1 pr-1 pl-4 shadow-pop"
      >
        <LockIcon size={14} aria-hidden className="text-warn" />
        <span>Locked: nothing is revealed, exported, written or revoked</span>
        <Button
          small
          onClick={() => {
            setAsking(true);
          }}
        >
          Unlock
        </Button>
      </div>
      {asking && (
        <Unlock
          by={state.data?.by ?? "word"}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </>
  );
}
