import { useCallback, useSyncExternalStore } from "react";

import { backend } from "../backend";
import { tellFailure } from "../components/Toasts";

/** What the window remembers of itself in the workspace: where it was, sizes, filters, drafts. Values are JSON. */
type Remembered = Record<string, unknown>;

// Long enough to write once after a drag or a burst of typing, short enough to lose nothing worth keeping.
const SAVE_AFTER_MS = 400;

/** What a key begins with whose value may hold what a record holds: it lives as long as the window and is never written. */
export const IN_MEMORY = "memory:";

let remembered: Remembered = {};
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let saving: Promise<void> = Promise.resolve();
let failing = false;

function tell() {
  for (const listener of listeners) {
    listener();
  }
}

function save() {
  timer = undefined;
  const kept = Object.fromEntries(Object.entries(remembered).filter(([key]) => !key.startsWith(IN_MEMORY)));
  saving = backend.saveUiState(JSON.stringify(kept)).then(
    () => {
      failing = false;
    },
    (error: unknown) => {
      // The window works without its memory, and every key typed would say so again: once until it is saved again.
      if (!failing) {
        failing = true;
        tellFailure(error, "The window's place and drafts are not saved: ", () => {
          failing = false;
          save();
        });
      }
    },
  );
}

async function readSaved(): Promise<Remembered> {
  try {
    const json = await backend.uiState();
    const read: unknown = json ? JSON.parse(json) : {};
    return typeof read === "object" && read !== null ? (read as Remembered) : {};
  } catch {
    return {};
  }
}

/** Reads what was remembered; once, before the first screen. Damaged or absent memory starts afresh. */
export async function loadPlace(): Promise<void> {
  remembered = await readSaved();
}

/** Reads what a customer call held back, now that it is over. What this window has remembered since stays. */
export async function regainPlace(): Promise<void> {
  remembered = { ...(await readSaved()), ...remembered };
  tell();
}

/** A remembered value, or undefined. */
export function recall(key: string): unknown {
  return remembered[key];
}

/** Remembers a value, written a moment later; undefined forgets it. */
export function remember(key: string, value: unknown) {
  if (Object.is(remembered[key], value)) {
    return;
  }
  const { [key]: _old, ...rest } = remembered;
  remembered = value === undefined ? rest : { ...rest, [key]: value };
  tell();
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_AFTER_MS);
}

/** Writes what waits to be written, before the window goes or a customer call decides what may be; ends when it is. */
export async function flushPlace(): Promise<void> {
  if (timer !== undefined) {
    clearTimeout(timer);
    save();
  }
  await saving;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** State that outlives the window, kept under `key`. A value of another shape than `initial` is ignored. */
export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const stored = useSyncExternalStore(subscribe, () => remembered[key]);
  const set = useCallback(
    (value: T) => {
      remember(key, value);
    },
    [key],
  );
  const fits =
    stored !== undefined &&
    (initial === null || stored === null || typeof stored === typeof initial) &&
    Array.isArray(stored) === Array.isArray(initial);
  return [fits ? (stored as T) : initial, set];
}
