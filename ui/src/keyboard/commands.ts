import { useEffect, useRef, useSyncExternalStore } from "react";

/** Something the user can do here: shown in the palette, and with keys in the list of shortcuts. */
export interface Command {
  id: string;
  label: string;
  /** The heading it stands under: `Go to`, `This screen`. */
  group: string;
  keys?: string;
  /** Extra words the palette finds it by. */
  words?: string;
  /** Left out of the palette: keys that only make sense where the focus is. */
  hidden?: boolean;
  run: () => void;
}

let registered: readonly Command[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Command[]) {
  registered = next;
  for (const listener of listeners) {
    listener();
  }
}

/** Adds a command until the returned function is called. */
export function register(command: Command): () => void {
  change([...registered, command]);
  return () => {
    change(registered.filter((each) => each !== command));
  };
}

/** The command that answers a chord: the one registered last, so that a screen wins over the frame. */
export function commandFor(chord: string): Command | undefined {
  return registered.findLast((command) => command.keys === chord);
}

/** All that can be done now; of commands with the same id the last wins. */
export function useCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => registered,
  );
}

/** Offers a command while the component is there; null offers nothing. */
export function useCommand(command: Command | null) {
  const latest = useRef(command);
  useEffect(() => {
    latest.current = command;
  });
  const { id, label, group, keys, words, hidden } = command ?? {};
  useEffect(() => {
    if (id === undefined || label === undefined || group === undefined) {
      return;
    }
    return register({
      id,
      label,
      group,
      ...(keys === undefined ? {} : { keys }),
      ...(words === undefined ? {} : { words }),
      ...(hidden === undefined ? {} : { hidden }),
      run: () => latest.current?.run(),
    });
  }, [id, label, group, keys, words, hidden]);
}

/** The screen's main action, on Ctrl/Cmd-Enter. */
export function useMainAction(label: string, run: () => void, enabled = true) {
  useCommand(enabled ? { id: "main", label, group: "This screen", keys: "Mod+Enter", run } : null);
}
