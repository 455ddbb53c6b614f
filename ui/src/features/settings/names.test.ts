import { expect, test } from "vitest";

import { sentence, settingName, switchOf } from "./names";

test.each([
  ["proxy", "Proxy"],
  ["auto_renew", "Auto renew"],
  ["quiet.hours", "Quiet hours"],
])("%s is called %s", (key, name) => {
  expect(settingName(key)).toBe(name);
});

test.each([
  ["on", { on: true, words: ["on", "off"] }],
  ["false", { on: false, words: ["true", "false"] }],
  ["90", null],
  [null, null],
])("%s is a switch: %o", (value, found) => {
  expect(switchOf(value)).toEqual(found);
});

test("a help text reads as a sentence", () => {
  expect(sentence("keep it")).toBe("Keep it.");
  expect(sentence("Done.")).toBe("Done.");
});
