import { expect, test } from "vitest";

import { faultSides } from "../backend";
import { sideOf } from "./sides";

test.each([
  ["auth_refused", "Customer's side: their administrator can fix it"],
  ["needs_reauth", "Customer's side: their administrator can fix it"],
  ["scope_refused", "Customer's side: their administrator can fix it"],
  ["connect_timeout", "Network between here and the provider"],
  ["connection_reset", "Network between here and the provider"],
  ["proxy_refused", "Network between here and the provider"],
  ["rate_limited", "Provider's side"],
  ["circuit_open", "Provider's side"],
  ["html_answer", "Provider's side"],
  ["vault_locked", "This workspace"],
  ["disk_full", "This machine"],
  ["invalid_id", "Your input"],
  ["not_confirmed", "Your input"],
  ["interrupted", "Crosswalk's side"],
])("%s is %s", (code, side) => {
  expect(faultSides).toHaveProperty(code);
  expect(sideOf(code)).toBe(side);
});

test("what the shell has no code for is ours", () => {
  expect(sideOf("internal")).toBe("Crosswalk's side");
  expect(sideOf("constructor")).toBe("Crosswalk's side");
});

test("every side has words", () => {
  for (const code of Object.keys(faultSides)) {
    expect(sideOf(code)).toMatch(/^[A-Z]/);
  }
});
