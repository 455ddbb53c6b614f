import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";

import { Layer } from "../keyboard/Layer";
import { Button } from "./Button";
import { Field, Input } from "./Field";

/** A question or a small form over the screen; Esc closes it. `footer` holds its buttons, the main one last. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  wide = false,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
}) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(now) => {
        if (!now) {
          onClose();
        }
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Base.Popup
          className={`fixed top-[14vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-48px)] -translate-x-1/2 flex-col rounded-xl border border-line bg-panel shadow-pop outline-none ${wide ? "max-w-3xl" : "max-w-md"}`}
        >
          <Layer open={open}>
            <div className="flex items-start justify-between gap-4 px-4 pt-3.5">
              <Base.Title className="text-[15px] font-semibold">{title}</Base.Title>
              <Base.Close
                aria-label="Close"
                className="-mr-1 flex size-6 items-center justify-center rounded-md text-ink-3 hover:bg-line-2 hover:text-ink"
              >
                <X size={15} aria-hidden />
              </Base.Close>
            </div>
            <div className="min-h-0 overflow-y-auto px-4 pt-1 pb-4">
              {description && (
                <Base.Description render={<div />} className="text-ink-2">
                  {description}
                </Base.Description>
              )}
              {children}
            </div>
            {footer && (
              <div className="flex justify-end gap-2 border-t border-line px-4 py-3">{footer}</div>
            )}
          </Layer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/**
 * Asks before something destructive or outward. It names what will happen and to which instance;
 * `typed` is what has to be typed first (the account's id, on production).
 */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  consequence,
  confirmLabel,
  typed,
  busy = false,
  danger = true,
}: {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  consequence: ReactNode;
  confirmLabel: string;
  typed?: string | undefined;
  busy?: boolean;
  danger?: boolean;
}) {
  const [text, setText] = useState("");
  const ready = !typed || text.trim() === typed;
  const close = () => {
    setText("");
    onClose();
  };
  const confirm = () => {
    if (ready && !busy) {
      setText("");
      onConfirm();
    }
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      description={consequence}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button tone={danger ? "danger" : "primary"} disabled={!ready} busy={busy} onClick={confirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {typed && (
        <form
          className="mt-3"
          onSubmit={(event) => {
            event.preventDefault();
            confirm();
          }}
        >
          <Field
            label={
              <>
                Type <code className="font-mono text-code">{typed}</code> to confirm
              </>
            }
          >
            {(control) => (
              <Input
                {...control}
                autoFocus
                value={text}
                onChange={(event) => {
                  setText(event.target.value);
                }}
              />
            )}
          </Field>
        </form>
      )}
    </Dialog>
  );
}
