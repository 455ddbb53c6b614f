import { expect, test } from "vitest";

import { chordOf, isTyping, shownKeys } from "./chords";

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test.each([
  [press("k", { ctrlKey: true }), false, "Mod+K"],
  [press("k", { metaKey: true }), true, "Mod+K"],
  [press("k", { ctrlKey: true }), true, "K"],
  [press("L", { ctrlKey: true, shiftKey: true }), false, "Mod+Shift+L"],
  [press("?", { shiftKey: true }), false, "?"],
  [press("Enter", { ctrlKey: true }), false, "Mod+Enter"],
  [press("j"), false, "J"],
])("%o on a Mac: %s is %s", (event, mac, chord) => {
  expect(chordOf(event, mac)).toBe(chord);
});

test("chords are written the way the system writes them", () => {
  expect(shownKeys("Mod+Shift+L", false)).toBe("Ctrl Shift L");
  expect(shownKeys("Mod+Enter", true)).toBe("⌘ ↵");
});

test("text fields take plain keys, checkboxes do not", () => {
  const text = document.createElement("input");
  const box = document.createElement("input");
  box.type = "checkbox";
  expect([isTyping(text), isTyping(box), isTyping(document.body)]).toEqual([true, false, false]);
});
