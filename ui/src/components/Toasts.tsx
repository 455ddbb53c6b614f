import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";

import { BackendError } from "../backend";
import { type Step, forgetUndo, offerUndo, takeBack } from "../keyboard/undo";
import { Kbd } from "./Kbd";

const manager = Toast.createToastManager();

/** Says briefly that something is done. With `undo` it can be taken back, by its button or Ctrl/Cmd-Z. */
export function toast(message: string, options: { undo?: () => void | Promise<void> } = {}) {
  const { undo } = options;
  if (!undo) {
    manager.add({ title: message, timeout: 4000 });
    return;
  }
  const id = manager.add({
    title: message,
    timeout: 10_000,
    actionProps: {
      children: "Undo",
      onClick: () => {
        undoLast(step);
      },
    },
  });
  const step = offerUndo(async () => {
    await undo();
    manager.close(id);
  });
}

/** Takes the last thing back, or the one that is given. Says why where that fails; it can be tried again. */
export function undoLast(step?: Step) {
  takeBack(step).catch(toastError);
}

/** Says that an action failed, and what to do. Failures of a whole screen use [`ErrorState`] instead. */
export function toastError(error: unknown) {
  const known = error instanceof Error ? error : new Error(String(error));
  manager.add({
    title: known.message,
    description: known instanceof BackendError ? known.hint : null,
    type: "error",
    priority: "high",
    timeout: 12_000,
  });
}

/** Takes every toast away, and what they offered to undo. */
export function clearToasts() {
  manager.close();
  forgetUndo();
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((each) => (
    <Toast.Root
      key={each.id}
      toast={each}
      className={`w-[340px] rounded-lg border bg-panel p-3 shadow-pop ${each.type === "error" ? "border-bad" : "border-line"}`}
    >
      <Toast.Content className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium" />
          <Toast.Description className="text-ink-2" />
        </div>
        {each.actionProps && (
          <Toast.Action className="flex items-center gap-1.5 rounded-md px-1.5 font-medium text-accent hover:bg-accent-soft">
            Undo <Kbd keys="Mod+Z" />
          </Toast.Action>
        )}
        <Toast.Close aria-label="Dismiss" className="text-ink-3 hover:text-ink">
          <X size={14} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Where toasts show; once in the window. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex flex-col gap-2">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
