/** Shortcuts as text: `Mod+K`, `Mod+Shift+L`, `?`, `J`. `Mod` is Ctrl, or Cmd on a Mac. */

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const NAMES: Record<string, string> = {
  " ": "Space",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** The chord of a key press; `mac` decides which key is `Mod`. */
export function chordOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
  mac = MAC,
): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const letter = /^[a-z]$/i.test(event.key);
  const key = letter ? event.key.toUpperCase() : (NAMES[event.key] ?? event.key);
  // Shift is part of how `?` is typed, but a chord of its own with a letter or a named key.
  const shift = event.shiftKey && (letter || event.key.length > 1);
  return [mod && "Mod", event.altKey && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

/** A chord as this system writes it: `Ctrl K`, `⌘ K`. */
export function shownKeys(chord: string, mac = MAC): string {
  return chord
    .split("+")
    .map((part) => {
      switch (part) {
        case "Mod":
          return mac ? "⌘" : "Ctrl";
        case "Shift":
          return mac ? "⇧" : "Shift";
        case "Alt":
          return mac ? "⌥" : "Alt";
        case "Enter":
          return "↵";
        case "Escape":
          return "Esc";
        default:
          return part;
      }
    })
    .join(" ");
}

/** Whether keys pressed there are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement &&
        !["button", "checkbox", "radio", "range", "submit"].includes(target.type)))
  );
}
