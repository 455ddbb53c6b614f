import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";

import { type Step, forgetUndo, lastStep, offerAgain, offerUndo, takeBack } from "../keyboard/undo";
import { copyText } from "./clipboard";
import { detailsOf, failureOf } from "./failure";

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
    try {
      await undo();
    } finally {
      manager.close(id);
    }
  });
}

/** Takes the last thing back, or the one that is given. Says why where that fails, and where there is nothing. */
export function undoLast(step: Step | null = lastStep()) {
  if (step === null) {
    toast("There is nothing to undo");
    return;
  }
  takeBack(step).catch((error: unknown) => {
    const again = () => {
      offerAgain(step);
      undoLast(step);
    };
    tellFailure(error, "Not undone: ", again);
  });
}

/**
 * Says that an action failed, whose side that is on, and what to do: `again` tries it once more, without it the details
 * can be copied. Failures of a whole screen use [`ErrorState`] instead.
 */
export function toastError(error: unknown, again?: () => void) {
  tellFailure(error, "", again);
}

/** The same, where the failure's own words do not tell what it kept from being done: `before` does. */
export function tellFailure(error: unknown, before: string, again?: () => void) {
  const failure = failureOf(error);
  const copy = async () => {
    try {
      await copyText(detailsOf(failure));
      manager.update(id, { actionProps: { children: "Copied" } });
    } catch {
      manager.update(id, { actionProps: { children: "Could not copy: select it instead" } });
    }
  };
  const id = manager.add({
    title: `${before}${failure.message}`,
    description: (
      <>
        {failure.hint && <span className="block">{failure.hint}</span>}
        <span className="block text-[12px]">
          {failure.side} · <code className="font-mono">{failure.code}</code>
        </span>
      </>
    ),
    type: "error",
    priority: "high",
    timeout: 12_000,
    actionProps: again
      ? {
          children: "Try again",
          onClick: () => {
            manager.close(id);
            again();
          },
        }
      : {
          children: "Copy details",
          onClick: () => {
            void copy();
          },
        },
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
          <Toast.Action className="flex items-center gap-1.5 rounded-md px-1.5 font-medium text-accent hover:bg-accent-soft" />
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
