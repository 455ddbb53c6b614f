import { expect, test } from "vitest";

import { isChosen } from "./environment";

const account = { kind: "production", environment: "eu" };

test.each([
  ["all", true],
  ["kind:production", true],
  ["kind:sandbox", false],
  ["env:eu", true],
  ["env:us", false],
])("%s shows a production account of eu: %s", (choice, shown) => {
  expect(isChosen(choice, account)).toBe(shown);
});
