import { useEffect } from "react";

import { chordOf, isTyping } from "./chords";
import { commandFor } from "./commands";

/** Plain keys belong to the text being typed, and to an open dialog or menu. */
function isFree(event: KeyboardEvent): boolean {
  const inPopup =
    event.target instanceof Element &&
    event.target.closest('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]');
  return !isTyping(event.target) && !inPopup;
}

/** Chords that text fields need for themselves. */
const EDITING = new Set(["Mod+Z", "Mod+A", "Mod+C", "Mod+V", "Mod+X"]);

/** Listens for every shortcut of the window; once in it. */
export function Keys() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) {
        return;
      }
      const chord = chordOf(event);
      const command = commandFor(chord);
      const needsFreedom = !chord.includes("Mod+") || EDITING.has(chord);
      if (!command || (needsFreedom && !isFree(event))) {
        return;
      }
      event.preventDefault();
      command.run();
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, []);
  return null;
}
