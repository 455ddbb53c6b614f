import { expect, it } from "vitest";

import { callTone } from "./callTone";

it.each([
  [200, "ok"],
  [304, "quiet"],
  [401, "bad"],
  [429, "warn"],
  [503, "bad"],
  [null, "bad"],
] as const)("a call answered with %s is %s", (status, tone) => {
  expect(callTone(status)).toBe(tone);
});
