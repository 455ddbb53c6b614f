import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { type AccountView, type Backend, BackendError } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { accountWindow } from "./testing/accountWindow";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

const ID = "northwind-coupa-test";
const REFUSED = {
  resource: "contracts",
  missing_scopes: ["contract.read"],
  message: "The provider refuses contracts, the scope contract.read is missing.",
  hint: "Ask the customer's administrator to add it.",
  occurred_at: "2026-11-21T12:00:00Z",
};

async function open(change: Partial<AccountView>, overrides: Partial<Backend> = {}) {
  const view: AccountView = {
    id: ID, tenant: "northwind-traders", connector: "coupa", kind: "sandbox", environment: null, status: "active", scopes: ["contract.read"],
    scopes_granted: null, grant: "client_credentials", purpose: "read", client_id: "5f2c", config: {}, approved_hosts: [],
    token: { obtained_at: new Date(Date.now() - 3_600_000).toISOString(), expires_at: new Date(Date.now() + 9.5 * 3_600_000).toISOString(), renew_at: null },
    refresh_token: null,
    health: { healthy: true, failed_runs: 0, last_success_at: null, last_error: null, last_forbidden: null },
    ...change,
  };
  const shown = { view };
  const made = accountWindow({ account: () => Promise.resolve(shown.view), ...overrides });
  const opened = await openWindow(`/accounts/${ID}/explore`, { overrides: made.commands, listen: made.listen });
  return { ...opened, shown, user: userEvent.setup() };
}

it("an account without trouble shows how long its token lives, and nothing else", async () => {
  const { user, history } = await open({});
  const ring = await screen.findByRole("link", { name: /^Access token: 9 h left/ });
  expect(screen.queryByRole("region", { name: "What is wrong" })).toBeNull();
  expect(screen.queryByRole("link", { name: /^Refresh token/ })).toBeNull();
  await user.click(ring);
  await waitFor(() => expect(history.location.pathname).toBe(`/accounts/${ID}/credentials`));
});

it("says whose side a refused credential is on, tests it and is gone once it works", async () => {
  const error = { code: "auth_refused", message: "The provider refused the credentials.", hint: "Compare the client id and secret.", at: "2026-11-21T12:00:00Z" };
  const health = { healthy: true, failed_runs: 0, last_success_at: "2026-11-20T12:00:00Z", last_error: error, last_forbidden: null };
  const connect = vi.fn<Backend["connect"]>();
  const { user, shown } = await open({ status: "needs_reauth", health }, { connect });
  const wrong = await screen.findByRole("region", { name: "What is wrong" });
  for (const words of [error.message, error.hint, "Customer's side", "worked last"]) {
    expect(wrong.textContent).toContain(words);
  }
  expect(within(wrong).getByRole("button", { name: "Open credentials" })).toBeTruthy();
  expect(await violations()).toEqual([]);
  connect.mockRejectedValueOnce(new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." }));
  await user.click(within(wrong).getByRole("button", { name: "Test the connection" }));
  expect((await within(wrong).findByRole("alert")).textContent).toContain("The vault is locked. Unlock it.");
  connect.mockImplementationOnce(() => {
    shown.view = { ...shown.view, status: "active", health: { ...health, last_success_at: new Date().toISOString() } };
    return Promise.resolve({ status: "active", steps: [], missing_scopes: [] });
  });
  await user.click(within(wrong).getByRole("button", { name: "Test the connection" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "What is wrong" })).toBeNull());
});

it("an active account that lacks a scope says which, and leads to the scopes", async () => {
  const health = { healthy: true, failed_runs: 0, last_success_at: REFUSED.occurred_at, last_error: null, last_forbidden: REFUSED };
  const { user, history } = await open({ health });
  const wrong = await screen.findByRole("region", { name: "What is wrong" });
  expect(wrong.textContent).toContain(REFUSED.message);
  await user.click(within(wrong).getByRole("button", { name: "Open scopes" }));
  await waitFor(() => expect(history.location.href).toBe(`/accounts/${ID}/credentials`));
  expect(document.activeElement?.textContent).toBe("Scopes");
});

it("says of a missing scope whether it is still refused, why that is not known, or that it works now", async () => {
  const health = { healthy: true, failed_runs: 0, last_success_at: REFUSED.occurred_at, last_error: null, last_forbidden: REFUSED };
  const connect = vi.fn<Backend["connect"]>();
  const { user, shown } = await open({ health }, { connect });
  const wrong = await screen.findByRole("region", { name: "What is wrong" });
  const test = () => user.click(within(wrong).getByRole("button", { name: "Test the connection" }));
  const passed = { status: "active", steps: [], missing_scopes: [] };
  connect.mockResolvedValueOnce({ ...passed, error: { code: "timeout", message: "No answer came.", hint: "Look at the network." } });
  await test();
  expect((await within(wrong).findByRole("alert")).textContent).toBe("No answer came. Look at the network.");
  expect(screen.queryByText("Still refused")).toBeNull();
  connect.mockResolvedValueOnce(passed);
  await test();
  await within(wrong).findByText("Still refused");
  expect(within(wrong).queryByRole("alert")).toBeNull();
  expect(screen.queryByText("Works now")).toBeNull();
  connect.mockImplementationOnce(() => {
    shown.view = { ...shown.view, health: { ...health, last_forbidden: null } };
    return Promise.resolve(passed);
  });
  await test();
  expect((await screen.findAllByText("Works now")).length).toBeGreaterThan(0);
  expect(screen.queryByRole("region", { name: "What is wrong" })).toBeNull();
});
