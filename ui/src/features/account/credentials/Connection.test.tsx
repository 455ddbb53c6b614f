import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { type Backend, BackendError, backend } from "../../../backend";
import { fakeBackend } from "../../../testing/fakeBackend";
import { openWindow, violations } from "../../../testing/window";
import { fullWorld } from "../../../testing/world";
import { accountWindow } from "../testing/accountWindow";

vi.mock("../../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

const WHERE = "https://nw.coupahost.com";

async function open(overrides: Partial<Backend>, id = "northwind-coupa-test") {
  const made = accountWindow(overrides);
  const { history } = await openWindow(`/accounts/${id}/credentials`, { overrides: made.commands, listen: made.listen });
  const user = userEvent.setup();
  return { user, history, form: await screen.findByRole("form", { name: "Connection" }) };
}

async function put(user: ReturnType<typeof userEvent.setup>, field: HTMLElement, text: string) {
  await user.clear(field);
  await user.click(field);
  await user.paste(text);
}

it("mends a wrong address and tests it", async () => {
  const updateAccount = vi.fn<Backend["updateAccount"]>((id) => backend.account(id));
  const { user, form } = await open({ updateAccount });
  const save = within(form).getByRole("button", { name: "Save and test" });
  expect(save).toHaveProperty("disabled", true);
  await put(user, within(form).getByLabelText("Instance URL"), "nowhere at all");
  await user.click(save);
  expect(await within(form).findByText(/An address, such as/)).toBeTruthy();
  expect(updateAccount).not.toHaveBeenCalled();
  await put(user, within(form).getByLabelText("Instance URL"), WHERE);
  await user.click(save);
  expect(await within(form).findByRole("region", { name: "Connection test" })).toBeTruthy();
  expect(updateAccount).toHaveBeenCalledWith("northwind-coupa-test", {
    config: { instance_url: WHERE },
    client_id: null,
    secret: null,
    scopes: null,
    allow_hosts: [],
    approve: false,
  });
  expect(await violations()).toEqual([]);
});

it("has a production account's id typed before its address changes, and a strange host too", async () => {
  const strange = new BackendError({ code: "host_not_declared", message: "nw.coupahost.com is not a host of Coupa.", hint: "Confirm it." });
  const updateAccount = vi.fn<Backend["updateAccount"]>().mockRejectedValueOnce(strange).mockImplementation((id) => backend.account(id));
  const account = "northwind-coupa-prod";
  const { user, form } = await open({ updateAccount }, account);
  await put(user, within(form).getByLabelText("Instance URL"), WHERE);
  await user.click(within(form).getByRole("button", { name: "Save and test" }));
  const asked = await screen.findByRole("dialog", { name: `Change the connection of ${account}?` });
  expect(asked.textContent).toContain(`https://northwind-traders.example → ${WHERE}`);
  expect(updateAccount).not.toHaveBeenCalled();
  await put(user, within(asked).getByRole("textbox"), account);
  await user.click(within(asked).getByRole("button", { name: "Save" }));
  await user.click(await screen.findByRole("button", { name: "Confirm this host…" }));
  const host = await screen.findByRole("dialog", { name: "Send the credential to this host?" });
  await put(user, within(host).getByRole("textbox"), "nw.coupahost.com");
  await user.click(within(host).getByRole("button", { name: "Confirm host" }));
  await waitFor(() => {
    expect(updateAccount).toHaveBeenLastCalledWith(
      account,
      expect.objectContaining({ config: { instance_url: WHERE }, allow_hosts: ["nw.coupahost.com"] }),
    );
  });
});

it("asks for other scopes by what is ticked", async () => {
  const updateAccount = vi.fn<Backend["updateAccount"]>((id) => backend.account(id));
  const { user, form } = await open({ updateAccount });
  await user.click(within(form).getByRole("button", { name: "Choose other scopes" }));
  expect(within(form).getByRole("checkbox", { name: "Invoices" }).getAttribute("aria-checked")).toBe("true");
  const save = within(form).getByRole("button", { name: "Save and test" });
  expect(save).toHaveProperty("disabled", true);
  await user.click(within(form).getByRole("checkbox", { name: "Suppliers" }));
  await waitFor(() => {
    expect(save).toHaveProperty("disabled", false);
  });
  await user.click(save);
  await waitFor(() => {
    expect(updateAccount).toHaveBeenCalledWith(
      "northwind-coupa-test",
      expect.objectContaining({ config: {}, scopes: "core.invoice.read core.supplier.read" }),
    );
  });
});

it("says what changed of the connector, and approves it after a question", async () => {
  const change = {
    connector: "Coupa",
    gone: ["https://old.example"],
    added: ["https://new.example"],
    kept: [],
    hosts: ["*.coupahost.com"],
    obstacle: null,
  };
  const updateAccount = vi.fn<Backend["updateAccount"]>((id) => backend.account(id));
  const plain = fakeBackend(fullWorld(Date.now()));
  const { user } = await open({
    updateAccount,
    credentials: async (account) => {
      const view = await plain.credentials?.(account);
      return { ...view, connector_change: updateAccount.mock.calls.length > 0 ? null : change } as never;
    },
  });
  const told = await screen.findByRole("region", { name: "Coupa has changed since it was approved" });
  expect(told.textContent).toContain("Secrets and tokens would go to https://new.example.");
  expect(told.textContent).toContain("They would no longer go to https://old.example.");
  await user.click(within(told).getByRole("button", { name: "Approve the connector's change…" }));
  const asked = await screen.findByRole("dialog", { name: "Approve Coupa as it is now?" });
  await user.click(within(asked).getByRole("button", { name: "Approve" }));
  await waitFor(() => {
    expect(updateAccount).toHaveBeenCalledWith("northwind-coupa-test", expect.objectContaining({ config: {}, approve: true }));
  });
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Approve the connector's change…" })).toBeNull();
  });
});

it("removes an account once its id is typed on production, says what goes, and leads to its tenant", async () => {
  const removeAccount = vi.fn<Backend["removeAccount"]>(async () => ({}) as never);
  const account = "northwind-coupa-prod";
  const { user, history } = await open({ removeAccount }, account);
  await user.click(screen.getByRole("button", { name: "Remove account…" }));
  const dialog = await screen.findByRole("dialog", { name: `Remove ${account}?` });
  for (const word of ["stored record", "credentials", "mapping changes", "cannot be undone"]) {
    expect(dialog.textContent).toContain(word);
  }
  const sure = within(dialog).getByRole("button", { name: "Remove account" });
  expect(sure).toHaveProperty("disabled", true);
  await put(user, within(dialog).getByRole("textbox"), account);
  await user.click(sure);
  await waitFor(() => {
    expect(history.location.pathname).toBe("/tenants/northwind-traders");
  });
  expect(removeAccount).toHaveBeenCalledWith(account, account);
});

it("tells why an account could not be removed", async () => {
  const locked = new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." });
  const { user } = await open({ removeAccount: () => Promise.reject(locked) });
  await user.click(screen.getByRole("button", { name: "Remove account…" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Remove account" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The vault is locked.");
});

it("lets an account be removed whose connector is gone", async () => {
  const gone = new BackendError({ code: "not_found", message: "There is no connector coupa.", hint: "Put it back." });
  const made = accountWindow({ credentials: () => Promise.reject(gone) });
  await openWindow("/accounts/northwind-coupa-test/credentials", { overrides: made.commands, listen: made.listen });
  expect((await screen.findByRole("alert")).textContent).toContain("There is no connector coupa.");
  expect(await screen.findByRole("button", { name: "Remove account…" })).toBeTruthy();
});
