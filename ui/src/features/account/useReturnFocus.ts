import { useCallback, useMemo, useRef } from "react";

function focused(): HTMLElement | null {
  const at = document.activeElement;
  return at instanceof HTMLElement && at !== document.body ? at : null;
}

/** Remembers where the keyboard was when something opens, and takes it back there once that is closed. */
export function useReturnFocus() {
  const from = useRef<HTMLElement | null>(null);
  const keep = useCallback(() => {
    from.current = focused() ?? from.current;
  }, []);
  /** `otherwise` finds a place for the keyboard where the old one is gone. */
  const giveBack = useCallback((otherwise: string) => {
    // What is closed leaves the page first.
    setTimeout(() => {
      if (focused() === null) {
        const kept = from.current?.isConnected ? from.current : null;
        (kept ?? document.querySelector<HTMLElement>(otherwise))?.focus();
      }
    }, 0);
  }, []);
  return useMemo(() => ({ keep, giveBack }), [keep, giveBack]);
}
