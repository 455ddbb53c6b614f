import type { KeyboardEvent } from "react";

import { isTyping } from "../../../keyboard/chords";
import { useCommand } from "../../../keyboard/commands";

interface Deeds {
  /** The chosen field; null while there is none. */
  field: string | null;
  step: (letter: "j" | "k") => void;
  nextUnread: () => void;
  nextFailing: (field: string) => void;
  /** Null where there is nothing to edit. */
  edit: ((field: string, tab?: "impact" | "history") => void) | null;
  /** Null where there is no model to pin a result of. */
  pin: (() => void) | null;
  /** Null where the chosen field has no value to copy. */
  copyValue: (() => void) | null;
}

const group = "This screen";

/**
 * The commands of the compare view besides those of its bar's buttons, and what its plain keys do wherever the focus is;
 * lists and trees keep theirs.
 */
export function useCompareKeys(deeds: Deeds): (event: KeyboardEvent) => void {
  const { field, step, nextUnread, nextFailing, edit, pin, copyValue } = deeds;
  useCommand({ id: "next-unread", label: "Next unread raw field", group, keys: "U", run: nextUnread });
  useCommand(
    field !== null && edit
      ? { id: "edit-mapping", label: `Edit the mapping of ${field}`, group, keys: "E", run: () => edit(field) }
      : null,
  );
  useCommand(
    field !== null && edit
      ? { id: "field-history", label: `History of ${field}`, group, keys: "H", run: () => edit(field, "history") }
      : null,
  );
  useCommand(
    field === null
      ? null
      : {
          id: "next-failing",
          label: `Next record where ${field} fails`,
          group,
          keys: "N",
          run: () => nextFailing(field),
        },
  );
  useCommand(
    field !== null && copyValue ? { id: "copy-value", label: `Copy the value of ${field}`, group, keys: "C", run: copyValue } : null,
  );

  return (event) => {
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.defaultPrevented) {
      return;
    }
    if (event.shiftKey) {
      if (letter !== "p" || !pin) {
        return;
      }
      pin();
    } else if (letter === "j" || letter === "k") {
      step(letter);
    } else if (letter === "u") {
      nextUnread();
    } else if (letter === "e" && field !== null && edit) {
      edit(field);
    } else if (letter === "h" && field !== null && edit) {
      edit(field, "history");
    } else if (letter === "c" && copyValue) {
      copyValue();
    } else if (letter === "n" && field !== null) {
      nextFailing(field);
    } else {
      return;
    }
    event.preventDefault();
  };
}
