import { expect, test } from "vitest";

import { isOn, sentence, settingName, switchHelp } from "./names";

test.each([
  ["proxy", "Proxy"],
  ["auto_renew", "Renew tokens by itself"],
  ["quiet.hours", "Quiet hours"],
])("%s is called %s", (key, name) => {
  expect(settingName(key)).toBe(name);
});

test.each([
  ["on_unless_off", null, true],
  ["on_unless_off", "on", true],
  ["on_unless_off", "off", false],
  ["off_unless_on", null, false],
  ["off_unless_on", "on", true],
  ["number", "90", null],
  ["text", "on", null],
] as const)("%s with %s is switched on: %s", (kind, value, on) => {
  expect(isOn({ kind, value })).toBe(on);
});

test("a switch says what it does, not what a command line takes", () => {
  expect(switchHelp("on or off: native notifications when something falls due [on]")).toBe(
    "Native notifications when something falls due.",
  );
});

test("a help text reads as a sentence", () => {
  expect(sentence("keep it")).toBe("Keep it.");
  expect(sentence("Done.")).toBe("Done.");
});
