import { expect, test } from "vitest";

import { sideOf } from "./sides";

test.each([
  ["timeout", "Network between here and the provider"],
  ["proxy_refused", "Network between here and the provider"],
  ["invalid_client", "Customer's side: their administrator can fix it"],
  ["needs_reauth", "Customer's side: their administrator can fix it"],
  ["rate_limited", "Provider's side"],
  ["vault_locked", "This workspace"],
  ["invalid_id", "Your input"],
  ["internal", "Crosswalk's side"],
])("%s is %s", (code, side) => {
  expect(sideOf(code)).toBe(side);
});
