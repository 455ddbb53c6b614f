import { expect, it } from "vitest";

import type { AccountView } from "../../backend";
import { troubleOf } from "./trouble";

const EARLIER = "2026-11-21T10:00:00Z";
const LATER = "2026-11-21T12:00:00Z";
const REFUSED = {
  resource: "contracts",
  missing_scopes: ["contract.read"],
  message: "The provider refuses contracts, the scope contract.read is missing.",
  hint: "Ask the customer's administrator.",
  occurred_at: LATER,
};

function account(change: Partial<Omit<AccountView, "health">>, health: Partial<AccountView["health"]> = {}): AccountView {
  return {
    id: "acme", tenant: "acme", connector: "any", kind: "sandbox", environment: null, status: "active", scopes: [],
    scopes_granted: null, grant: "client_credentials", purpose: "read", client_id: null, config: {}, approved_hosts: [],
    token: null, refresh_token: null, ...change,
    health: { healthy: true, failed_runs: 0, last_success_at: null, last_error: null, last_forbidden: null, ...health },
  };
}

const error = (code: string, at: string) => ({ code, message: "It failed.", hint: "Do this.", at });

it("says nothing of an account that works, also where it once did not", () => {
  const once = { last_error: error("timeout", EARLIER), last_success_at: LATER };
  expect(troubleOf(account({}, once))).toBeNull();
  expect(troubleOf(account({ status: "connecting" }))).toBeNull();
  expect(troubleOf(account({ status: "awaiting_credentials" }))).toBeNull();
});

it("sends to whoever can mend it", () => {
  expect(troubleOf(account({ status: "needs_reauth", grant: "device_code" }))).toMatchObject({
    error: { code: null, hint: "Sign in again." },
    place: "sign-in",
  });
  expect(troubleOf(account({ status: "needs_reauth" }, { last_error: error("auth_refused", LATER) }))?.error.code).toBe("auth_refused");
  expect(troubleOf(account({ status: "needs_reauth" }, { last_error: error("needs_reauth", LATER) }))).toMatchObject({
    error: { message: "It failed.", hint: "Do this." },
    at: LATER,
    place: "rotate",
  });
  expect(troubleOf(account({ status: "validation_error" }, { last_error: error("tls_failed", LATER) }))).toMatchObject({
    error: { code: "tls_failed" },
    place: "connection",
  });
});

it("an error that something good followed is not the cause", () => {
  const health = { last_error: error("timeout", EARLIER), last_success_at: LATER };
  expect(troubleOf(account({ status: "validation_error" }, health))?.error).toMatchObject({
    code: null,
    message: "The last connection test did not pass.",
  });
});

it("an error that asks for no new credentials is not why they are asked for", () => {
  for (const code of ["timeout", "forbidden", "workspace_busy", "unheard_of"]) {
    const health = { last_error: error(code, LATER), last_forbidden: REFUSED };
    expect(troubleOf(account({ status: "needs_reauth" }, health))).toMatchObject({
      error: { code: null, hint: "Test the connection, or enter new credentials." },
      at: null,
      place: "rotate",
    });
  }
});

it("counts the runs that failed in a row", () => {
  const health = { healthy: false, failed_runs: 3, last_error: error("server_error", LATER) };
  expect(troubleOf(account({}, health))).toMatchObject({
    error: { code: "server_error", message: "3 runs in a row failed. It failed." },
    place: "runs",
    partly: false,
  });
});

it("names what is refused, where the rest works and where nothing does", () => {
  expect(troubleOf(account({}, { last_forbidden: REFUSED, last_success_at: LATER }))).toMatchObject({
    error: { code: "forbidden", message: REFUSED.message },
    place: "scopes",
    partly: true,
  });
  const health = { healthy: false, failed_runs: 4, last_error: error("forbidden", LATER), last_forbidden: REFUSED };
  expect(troubleOf(account({}, health))).toMatchObject({
    error: { message: `4 runs in a row failed. ${REFUSED.message}`, hint: REFUSED.hint },
    place: "scopes",
    partly: false,
  });
});
