import { type RefObject, createContext, useContext, useEffect, useId, useRef, useSyncExternalStore } from "react";

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
  /** The button that does it, where it is one's. */
  button?: RefObject<HTMLButtonElement | null>;
  run: () => void;
}

/** The keys of the main action of a screen or a form. */
export const MAIN_KEYS = "Mod+Enter";

/** Something that lies over the screen, such as a dialog, and how many others it was opened from. */
interface LayerPlace {
  id: string;
  depth: number;
}

interface Offer extends Command {
  /** The layer it is offered in; null: the screen itself. */
  layer: string | null;
}

let registered: readonly Offer[] = [];
let layers: readonly LayerPlace[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Offer[]) {
  registered = next;
  for (const listener of listeners) {
    listener();
  }
}

/** Adds a command until the returned function is called; `layer` names what lies over the screen and offers it. */
export function register(command: Command, layer: string | null = null): () => void {
  const offer = { ...command, layer };
  change([...registered, offer]);
  return () => {
    change(registered.filter((each) => each !== offer));
  };
}

/** Notes that something lies over the screen until the returned function is called. */
export function cover(layer: LayerPlace): () => void {
  layers = [...layers, layer];
  return () => {
    layers = layers.filter((each) => each !== layer);
  };
}

/** What lies on top: the deepest one, and of those the last. */
function topLayer(): string | null {
  return layers.reduce<LayerPlace | null>((top, each) => (top && top.depth > each.depth ? top : each), null)?.id ?? null;
}

/**
 * Of commands with the same keys the one that answers outside every form: the one registered last, so that a screen wins
 * over the frame. A form's own answers there only where it is the only one.
 */
export function answerOf(commands: readonly Command[]): Command | undefined {
  return commands.findLast((command) => formOf(command) === null) ?? (commands.length === 1 ? commands[0] : undefined);
}

/** Whether a form has a button of its own that sends it, be it busy or disabled. */
function isSent(form: HTMLFormElement): boolean {
  return [...form.elements].some((each) => each instanceof HTMLButtonElement && each.type === "submit" && !each.hidden);
}

/**
 * The command that answers a chord. Under a dialog nothing answers but what the dialog itself offers: its keys are not
 * meant for what it covers. In a form its own button answers first, and never that of another form; while that button
 * cannot be pressed, nothing does what the form's main action would.
 */
export function commandFor(chord: string, at: Element | null = null): Command | undefined {
  const layer = topLayer();
  const answers = registered.filter((command) => command.keys === chord && command.layer === layer);
  const form = at?.closest("form") ?? null;
  if (form === null) {
    return answerOf(answers);
  }
  const own = answers.findLast((command) => formOf(command) === form);
  if (own || (chord === MAIN_KEYS && isSent(form))) {
    return own;
  }
  return answers.findLast((command) => formOf(command) === null);
}

/** The form whose button a command is. */
export function formOf(command: Command): HTMLFormElement | null {
  return command.button?.current?.form ?? null;
}

/** The layer that is drawn in. */
export const LayerContext = createContext<LayerPlace | null>(null);

/** A layer of its own for what is drawn inside, while it is open. */
export function useLayer(open: boolean): LayerPlace {
  const id = useId();
  const depth = (useContext(LayerContext)?.depth ?? 0) + 1;
  useEffect(() => (open ? cover({ id, depth }) : undefined), [open, id, depth]);
  return { id, depth };
}

/** All that can be done now; of commands with the same id the last wins. */
export function currentCommands(): readonly Command[] {
  return registered;
}

/** The same, drawn anew with every change. */
export function useCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    currentCommands,
  );
}

/** Offers a command while the component is there; null offers nothing. */
export function useCommand(command: Command | null) {
  const latest = useRef(command);
  const layer = useContext(LayerContext)?.id ?? null;
  useEffect(() => {
    latest.current = command;
  });
  const { id, label, group, keys, words, hidden, button } = command ?? {};
  useEffect(() => {
    if (id === undefined || label === undefined || group === undefined) {
      return;
    }
    const offered: Command = {
      id,
      label,
      group,
      ...(keys === undefined ? {} : { keys }),
      ...(words === undefined ? {} : { words }),
      ...(hidden === undefined ? {} : { hidden }),
      ...(button === undefined ? {} : { button }),
      run: () => latest.current?.run(),
    };
    return register(offered, layer);
  }, [id, label, group, keys, words, hidden, button, layer]);
}

/** The screen's main action, on Ctrl/Cmd-Enter. */
export function useMainAction(label: string, run: () => void, enabled = true) {
  useCommand(enabled ? { id: "main", label, group: "This screen", keys: MAIN_KEYS, run } : null);
}
