import { PhoneOff } from "lucide-react";
import { useState } from "react";

import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { Field, Input } from "../components/Field";
import { ErrorState } from "../components/States";
import { toastError } from "../components/Toasts";
import { count } from "../components/formats";
import { useCommand } from "../keyboard/commands";
import { useCallSwitch } from "./callSwitch";
import { matches } from "./match";
import { openPalette, useOverlay } from "./palette";
import { useCall, useTenants } from "./queries";

const SHOWN = 12;

function Choice() {
  const open = useOverlay() === "call";
  const tenants = useTenants();
  const { enter } = useCallSwitch();
  const [text, setText] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const found = (tenants.data ?? []).filter((each) => matches(text, `${each.name} ${each.id}`));
  const close = () => {
    setText("");
    setError(null);
    openPalette(null);
  };
  const start = async (tenant: string) => {
    try {
      await enter(tenant);
      close();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    }
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Start a customer call"
      description="Until you leave it, the window shows this tenant only: no other name, count, search hit, alert or recent item. Notifications wait."
    >
      {error && <ErrorState error={error} compact />}
      <form
        className="mt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (found[0]) {
            void start(found[0].id);
          }
        }}
      >
        <Field label="Tenant">
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={text}
              placeholder="Type a name"
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
          )}
        </Field>
      </form>
      <ul className="mt-2 flex flex-col gap-0.5">
        {found.slice(0, SHOWN).map((tenant) => (
          <li key={tenant.id}>
            <button
              type="button"
              onClick={() => {
                void start(tenant.id);
              }}
              className="flex w-full items-center justify-between rounded-md px-2 py-1 text-left hover:bg-accent-soft"
            >
              {tenant.name}
              <span className="text-ink-3">{tenant.region}</span>
            </button>
          </li>
        ))}
        {found.length > SHOWN && (
          <li className="px-2 py-1 text-ink-3">and {count(found.length - SHOWN)} more: type a name to find one</li>
        )}
        {tenants.data && found.length === 0 && (
          <li className="px-2 py-1 text-ink-2">No tenant has that name. Clear the field to see all.</li>
        )}
      </ul>
    </Dialog>
  );
}

/** Customer-call mode (Ctrl/Cmd-Shift-L): the choice of the tenant, and the frame that says it is on. */
export function CustomerCall() {
  const call = useCall();
  const tenants = useTenants();
  const { leave } = useCallSwitch();
  const running = call.data ?? null;
  const name = tenants.data?.find((tenant) => tenant.id === running)?.name ?? running;
  const end = () => {
    leave().catch(toastError);
  };
  useCommand({
    id: "call",
    label: running ? "Leave the customer call" : "Start a customer call",
    group: "Window",
    keys: "Mod+Shift+L",
    words: "share screen privacy",
    run: () => {
      if (running) {
        end();
      } else {
        openPalette("call");
      }
    },
  });
  return (
    <>
      <Choice />
      {running && (
        <>
          <div aria-hidden className="pointer-events-none fixed inset-0 z-30 border-2 border-call" />
          <div
            role="status"
            className="fixed bottom-3 left-1/2 z-30 flex -translate-x-1/2 items-center gap-3 rounded-full border border-call bg-panel py-1 pr-1 pl-4 shadow-pop"
          >
            <span>
              Customer call: <strong className="font-semibold text-call">{name}</strong> only
            </span>
            <Button small icon={<PhoneOff size={13} aria-hidden />} onClick={end}>
              Leave
            </Button>
          </div>
        </>
      )}
    </>
  );
}
