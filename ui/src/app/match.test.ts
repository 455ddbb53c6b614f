import { expect, test } from "vitest";

import { matches } from "./match";

test.each([
  ["", "anything", true],
  ["prod acme", "Acme / coupa-prod", true],
  ["acme test", "Acme / coupa-prod", false],
  ["  ", "x", true],
])("%j in %j: %s", (wanted, text, found) => {
  expect(matches(wanted, text)).toBe(found);
});
