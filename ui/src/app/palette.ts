import { useSyncExternalStore } from "react";

/** What is open over the window: the palette, the jump to an account, the list of shortcuts, the choice of a customer call. */
export type Overlay = "all" | "accounts" | "shortcuts" | "call" | null;

let open: Overlay = null;
const listeners = new Set<() => void>();

export function openPalette(which: Overlay) {
  open = which;
  for (const listener of listeners) {
    listener();
  }
}

export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => open,
  );
}
