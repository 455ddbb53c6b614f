import { useEffect } from "react";

import { chordOf, isTyping } from "./chords";
import { commandFor } from "./commands";

/** Plain keys belong to the text being typed, and to an open dialog, menu or list of choices; a list of the screen itself
 * has taken the ones it wants before. */
function isFree(event: KeyboardEvent): boolean {
  const at = event.target instanceof Element ? event.target : null;
  const choosing = at?.closest('[role="listbox"]') && !at.closest("#root");
  const inPopup = choosing || at?.closest('[role="dialog"],[role="alertdialog"],[role="menu"]');
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
      const command = commandFor(chord, event.target instanceof Element ? event.target : null);
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
