import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { type Backend, BackendError, type CredentialView } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";
import { wantedOf } from "./Retention";

const CREDENTIAL: CredentialView = {
  account: "northwind-coupa-test", grant: "client_credentials", purpose: "read", client_id: "5f2c", token: null, refresh_token: null,
  secret_set_at: "2026-06-02T09:00:00Z", scopes: [], excess: [], scopes_observed_since: "2026-08-23T11:00:00Z", can_revoke: true,
  admin_message: null, forgotten_at: null, valid_until: null, forgotten_message: null, forgotten_letter: null, sign_in: [],
  connector_change: null,
};

/** Works, and tells that it does. */
const works: Backend["connect"] = async (_account, onStep) => {
  onStep({ name: "token", ok: true, ms: 3, message: "Got one.", state: "done" });
  return { status: "active", steps: [], missing_scopes: [] } as never;
};

async function open(overrides: Partial<Backend> = {}, id = "northwind-coupa-test") {
  const made = accountWindow(overrides);
  await openWindow(`/accounts/${id}/credentials`, { overrides: made.commands, listen: made.listen });
  await screen.findByRole("heading", { name: "Clocks" });
  return userEvent.setup();
}

it("sets what is granted against what is needed and used, and names the excess", async () => {
  await open();
  const row = (await screen.findByText("core.invoice.read")).closest("tr");
  expect(row?.textContent).toContain("in use");
  expect(row?.textContent).toContain("Invoices");
  const excess = screen.getByText("core.supplier.read").closest("tr");
  expect(excess?.textContent).toContain("more than needed");
  expect(excess?.textContent).toContain("not since 23 Aug 2026");
  expect(screen.getByRole("button", { name: "Copy the message about the excess" })).toBeTruthy();
  expect(await violations()).toEqual([]);
});

it("puts a new secret in place once the provider took it, tests it and forgets what was typed", async () => {
  const rotateSecret = vi.fn<Backend["rotateSecret"]>(async () => ({}) as never);
  const user = await open({ rotateSecret });
  await user.type(screen.getByLabelText("New secret"), "s3cret-canary");
  await user.click(screen.getByRole("button", { name: "Rotate and test" }));
  await screen.findByRole("region", { name: "Connection test" });
  expect(rotateSecret.mock.calls[0]?.[1]).toEqual({ secret: "s3cret-canary", client_id: null });
  await waitFor(() => expect(screen.getByLabelText("New secret")).toHaveProperty("value", ""));
  expect(document.body.innerHTML).not.toContain("s3cret-canary");
});

it("tries a refused rotation again and never the old secret in its place, and shows the latest outcome only", async () => {
  const refused = new BackendError({ code: "auth_refused", message: "The new secret was refused.", hint: "Compare it." });
  const rotateSecret = vi.fn<Backend["rotateSecret"]>().mockRejectedValueOnce(refused).mockResolvedValue({} as never);
  const connect = vi.fn(works);
  const user = await open({ rotateSecret, connect });
  await user.type(screen.getByLabelText("New secret"), "s3cret-canary");
  await user.click(screen.getByRole("button", { name: "Rotate and test" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The new secret was refused.");
  expect(connect).not.toHaveBeenCalled();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(connect).toHaveBeenCalledTimes(1));
  expect(rotateSecret.mock.calls.map(([, input]) => input.secret)).toEqual(["s3cret-canary", "s3cret-canary"]);
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

it("tries only the test again once the new secret is in place", async () => {
  const rotateSecret = vi.fn<Backend["rotateSecret"]>(async () => ({}) as never);
  const down = new BackendError({ code: "timeout", message: "No answer came.", hint: "Try again." });
  const connect = vi.fn<Backend["connect"]>().mockRejectedValueOnce(down).mockImplementation(works);
  const user = await open({ rotateSecret, connect });
  await user.type(screen.getByLabelText("New secret"), "s3cret-canary");
  await user.click(screen.getByRole("button", { name: "Rotate and test" }));
  const alert = await screen.findByRole("alert");
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(connect).toHaveBeenCalledTimes(2));
  expect(rotateSecret).toHaveBeenCalledTimes(1);
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

it("does not call a test that failed a success because the account stayed active", async () => {
  const rotateSecret = vi.fn<Backend["rotateSecret"]>(async () => ({}) as never);
  const down = { code: "timeout", message: "No answer came.", hint: "Look at the network." };
  const connect = vi.fn<Backend["connect"]>().mockResolvedValueOnce({ status: "active", steps: [], missing_scopes: [], error: down });
  const user = await open({ rotateSecret, connect: connect.mockImplementation(works) });
  await user.type(screen.getByLabelText("New secret"), "s3cret-canary");
  await user.click(screen.getByRole("button", { name: "Rotate and test" }));
  expect((await screen.findByRole("alert")).textContent).toContain("No answer came.");
  expect(screen.queryByText(/^The new secret works/)).toBeNull();
  await user.type(screen.getByLabelText("New secret"), "s3cret-canary");
  await user.click(screen.getByRole("button", { name: "Rotate and test" }));
  expect((await screen.findAllByText(/^The new secret works/)).length).toBeGreaterThan(0);
});

it("renews a token", async () => {
  const renewToken = vi.fn<Backend["renewToken"]>(async () => ({}) as never);
  const user = await open({ renewToken });
  await user.click(await screen.findByRole("button", { name: "Renew now" }));
  await waitFor(() => expect(renewToken).toHaveBeenCalledWith("northwind-coupa-test"));
});

it("revokes after a question, and then tells the truth with the message to send", async () => {
  const user = await open();
  await user.click(await screen.findByRole("button", { name: "Revoke and forget…" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Revoke and forget" }));
  const told = await screen.findByRole("status", { name: "Forgotten" });
  expect(told.textContent).toContain("valid at the provider until 2026-11-22 14:05 UTC");
  expect(within(told).getByRole("button", { name: "Copy the message for the administrator" })).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Connect again" })).toBeTruthy();
});

it("has the name typed before a production account is revoked", async () => {
  const revokeAccount = vi.fn<Backend["revokeAccount"]>(async () => ({ revoked: true }) as never);
  const user = await open({ revokeAccount }, "northwind-coupa-prod");
  await user.click(await screen.findByRole("button", { name: "Revoke and forget…" }));
  const dialog = await screen.findByRole("dialog");
  const sure = within(dialog).getByRole("button", { name: "Revoke and forget" });
  expect(sure).toHaveProperty("disabled", true);
  await user.type(within(dialog).getByRole("textbox"), "northwind-coupa-prod");
  await user.click(sure);
  await waitFor(() => expect(revokeAccount).toHaveBeenCalledWith("northwind-coupa-prod", "northwind-coupa-prod"));
});

it("shows what happened", async () => {
  await open();
  expect(await screen.findByText("credential:stored")).toBeTruthy();
});

/** Events newest first, as many as there are and are asked for. */
const eventsOf = (there: number) =>
  vi.fn<Backend["credentialHistory"]>(async (_account, limit) =>
    Array.from({ length: Math.min(limit, there) }, (_, index) => ({
      at: new Date(Date.UTC(2026, 10, 21) - index * 3_600_000).toISOString(),
      kind: index === 0 ? "account:authentication_error" : `account:event_${String(index)}`,
      actor: "ann",
      message: index === 0 ? "the provider does not take the secret" : null,
    })),
  );

const eventsListed = async () => Number((await screen.findByRole("grid", { name: "History" })).getAttribute("aria-rowcount")) - 1;

it("shows what happened longer ago when asked, newest first", async () => {
  const credentialHistory = eventsOf(40);
  const user = await open({ credentialHistory });
  const grid = await screen.findByRole("grid", { name: "History" });
  const first = within(grid).getAllByRole("row")[1];
  expect(first?.textContent).toContain("account:authentication_error");
  expect(first?.textContent).toContain("the provider does not take the secret");
  // Cut where room is short, they are there whole on hover.
  expect(first?.querySelector("[title='account:authentication_error']")).toBeTruthy();
  expect(first?.querySelector("[title='ann']")).toBeTruthy();
  expect(await eventsListed()).toBe(30);
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(async () => expect(await eventsListed()).toBe(40));
  expect(credentialHistory).toHaveBeenLastCalledWith("northwind-coupa-test", 150);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(await violations()).toEqual([]);
});

it("says that there is more than it shows, and shows more each time", async () => {
  const credentialHistory = eventsOf(310);
  const user = await open({ credentialHistory });
  for (const limit of [30, 150, 300]) {
    await screen.findByText(`The newest ${String(limit)} are shown.`);
    await user.click(screen.getByRole("button", { name: "Show more" }));
  }
  await waitFor(async () => expect(await eventsListed()).toBe(310));
  await waitFor(() => expect(screen.queryByText(/^The newest/)).toBeNull());
  expect(credentialHistory).toHaveBeenLastCalledWith("northwind-coupa-test", 600);
});

it("holds few nodes however long the history is", async () => {
  const user = await open({ credentialHistory: eventsOf(20_000) });
  for (const limit of ["30", "150", "300", "600", "1,200", "2,400", "4,800", "9,600"]) {
    await screen.findByText(`The newest ${limit} are shown.`);
    await user.click(screen.getByRole("button", { name: "Show more" }));
  }
  await screen.findByText(/^The newest 12,000 are shown/);
  expect(await eventsListed()).toBe(12_000);
  expect(screen.getByText("xwalk account history northwind-coupa-test --limit N")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
});

it("asks before a shorter retention removes records", async () => {
  const setRetention = vi.fn<Backend["setRetention"]>(async (account) => ({
    account, retention: "5", days: 5, due: 0, oldest_ends_at: null, log_due: false,
  }));
  const user = await open({ setRetention });
  const form = await screen.findByRole("form", { name: "Retention" });
  await user.click(within(form).getByRole("combobox"));
  await user.click(await screen.findByRole("option", { name: "Days of your own" }));
  const days = within(form).getByLabelText("Days");
  await user.clear(days);
  await user.type(days, "5");
  await user.click(within(form).getByRole("button", { name: "Save" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("120");
  expect(setRetention).not.toHaveBeenCalled();
  await user.click(within(dialog).getByRole("button", { name: "Save and remove" }));
  await waitFor(() => expect(setRetention).toHaveBeenCalledWith("northwind-coupa-test", "5"));
});

it("takes a retention as a number of days only", () => {
  expect([wantedOf("none", ""), wantedOf("days", " 14 "), wantedOf("days", "0"), wantedOf("days", "9999")]).toEqual(["none", "14", null, null]);
});

it("signs a person in with the browser, or by pasting where it came back to", async () => {
  let end: (report: never) => void = () => undefined;
  const pasteRedirect = vi.fn<Backend["pasteRedirect"]>(async () => {
    end({ status: "active", steps: [], missing_scopes: [] } as never);
    return null;
  });
  const user = await open({
    credentials: async (account) =>
      ({ ...CREDENTIAL, account, grant: "authorization_code", secret_set_at: null, sign_in: ["browser", "device"] }),
    beginSignIn: async () => ({ url: "https://login.example/x", redirect_uri: "http://127.0.0.1:1/callback", listening: false, seconds_left: 600 }),
    awaitSignIn: () => new Promise((resolve) => { end = resolve; }),
    cancelSignIn: async () => null,
    pasteRedirect,
  });
  await user.click(await screen.findByRole("button", { name: "Sign in with the browser" }));
  await user.type(await screen.findByLabelText(/Address the browser came back to/), "http://127.0.0.1:1/callback?code=1");
  await user.click(screen.getByRole("button", { name: "Use it" }));
  await waitFor(() => expect(pasteRedirect).toHaveBeenCalled());
  expect(await screen.findByRole("button", { name: "Sign in with the browser" })).toBeTruthy();
});

it("ends a sign-in on another device when nobody waits for it any more", async () => {
  const cancelSignIn = vi.fn<Backend["cancelSignIn"]>(async () => null);
  const user = await open({
    credentials: async (account) => ({ ...CREDENTIAL, account, grant: "device_code", sign_in: ["device"] }),
    signInOnDevice: (_account, onCode) => {
      onCode({ user_code: "WDJB-MJHT", verification_uri: "https://login.example/device", seconds_left: 600 });
      return new Promise(() => undefined);
    },
    cancelSignIn,
  });
  await user.click(await screen.findByRole("button", { name: "On another device" }));
  expect(await screen.findByText("WDJB-MJHT")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Stop waiting" }));
  expect(cancelSignIn).toHaveBeenCalledWith("northwind-coupa-test");
  expect(await screen.findByRole("button", { name: "On another device" })).toBeTruthy();
});
