import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { type AccountView, BackendError } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { emptyWorld, fullWorld } from "../../testing/world";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

test("a tenant is added from an empty list, its id made from its name", async () => {
  const user = userEvent.setup();
  const { history, world } = await openWindow("/tenants", { world: emptyWorld(Date.now()) });
  await user.click(await screen.findByRole("button", { name: "Add tenant" }));
  await user.type(await screen.findByLabelText("Name"), "Müller & Söhne");
  expect(screen.getByLabelText<HTMLInputElement>("Id").value).toBe("muller-sohne");
  expect(await violations()).toEqual([]);
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(history.location.pathname).toBe("/tenants/muller-sohne");
  });
  expect(world.tenants).toEqual([{ id: "muller-sohne", name: "Müller & Söhne", region: null }]);
});

test("a taken id says so where it was typed", async () => {
  const user = userEvent.setup();
  await openWindow("/tenants?add=1");
  await user.type(await screen.findByLabelText("Name"), "Aster Health{Enter}");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("There is already a tenant aster-health.");
  expect(alert.textContent).toContain("Your input");
});

test("a tenant shows its twins side by side and how far its onboarding is", async () => {
  await openWindow("/tenants/northwind-traders");
  expect(await screen.findByText("4 of 8")).toBeTruthy();
  const coupa = screen.getByRole("region", { name: "Coupa" });
  const names = within(coupa)
    .getAllByRole("link")
    .map((link) => link.textContent);
  expect(names).toEqual(["northwind-coupa-test", "northwind-coupa-prod"]);
  expect(await violations()).toEqual([]);
});

test("an open step leads to where it is done, a done one nowhere", async () => {
  const user = userEvent.setup();
  await openWindow("/tenants/northwind-traders");
  const list = await screen.findByRole("region", { name: /^Onboarding/ });
  const hrefs = within(list)
    .getAllByRole("link")
    .map((link) => link.getAttribute("href"));
  expect(hrefs).toEqual(["#/accounts/northwind-coupa-prod/sync", "#/accounts/northwind-coupa-prod/compare", "#/settings"]);
  await user.click(within(list).getByRole("button", { name: "Open the report" }));
  expect(await screen.findByRole("dialog", { name: "Report" })).toBeTruthy();
});

test("before there is an account the first step leads to it, and then to the message", async () => {
  const user = userEvent.setup();
  const adminMessage = vi.fn().mockResolvedValue("Please create a client.");
  const step = { step: "request_sent", label: "Request sent", done: false, detail: "Copy the message.", by_hand: true };
  const detail = { id: "acme", name: "Acme", region: null, contacts: "", notes: "", accounts: [] };
  const tenant = vi
    .fn()
    .mockResolvedValueOnce({ ...detail, checklist: [{ ...step, account: null, leads_to: "connect" }] })
    .mockResolvedValue({ ...detail, checklist: [{ ...step, account: "acme-test", leads_to: "request" }] });
  const { unmount } = await openWindow("/tenants/acme", { overrides: { tenant, adminMessage } });
  const link = await screen.findByRole("link", { name: "Connect an account" });
  expect(link.getAttribute("href")).toBe("#/connect?tenant=acme");
  unmount();
  await openWindow("/tenants/acme", { overrides: { tenant, adminMessage } });
  await user.click(await screen.findByRole("button", { name: "Copy the message" }));
  expect(adminMessage).toHaveBeenCalledWith("acme-test");
});

test("what is typed about a tenant is kept as a draft until it is saved", async () => {
  const user = userEvent.setup();
  const updateTenant = vi.fn().mockResolvedValue(null);
  let saved = "";
  const saveUiState = vi.fn((json: string) => {
    saved = json;
    return Promise.resolve(null);
  });
  await openWindow("/tenants/northwind-traders", { overrides: { updateTenant, saveUiState } });
  await user.type(await screen.findByLabelText("Notes"), "Call before noon");
  expect(screen.getByText("Draft kept, not saved")).toBeTruthy();
  await waitFor(() => {
    expect(saved).toContain("Call before noon");
  });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(updateTenant).toHaveBeenCalledWith(
    "northwind-traders",
    expect.objectContaining({ notes: "Call before noon", name: "Northwind Traders" }),
  );
});

/** Asks for the removal of the tenant with two accounts, one of them production. */
async function askToRemove(user: ReturnType<typeof userEvent.setup>) {
  await user.click(await screen.findByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove…" }));
  return screen.findByRole("dialog", { name: "Remove Northwind Traders?" });
}

test("removing a tenant with production asks for its id, then removes its accounts one by one and it", async () => {
  const user = userEvent.setup();
  const done: string[] = [];
  const removeAccount = vi.fn((id: string, confirmed: string | null) => {
    done.push(`${id} as ${confirmed ?? "nothing"}`);
    return Promise.resolve({} as AccountView);
  });
  const removeTenant = vi.fn((id: string) => {
    done.push(id);
    return Promise.resolve({ id, name: id, region: null });
  });
  const { history } = await openWindow("/tenants/northwind-traders", { overrides: { removeAccount, removeTenant } });
  const dialog = await askToRemove(user);
  expect(dialog.textContent).toContain("northwind-coupa-prod, northwind-coupa-test");
  expect(dialog.textContent).toContain("cannot be undone");
  const confirm = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Remove tenant" });
  expect(confirm.disabled).toBe(true);
  await user.type(within(dialog).getByRole("textbox"), "northwind-traders");
  expect(await violations()).toEqual([]);
  await user.click(confirm);
  await waitFor(() => {
    expect(history.location.pathname).toBe("/tenants");
  });
  expect(done).toEqual([
    "northwind-coupa-prod as northwind-coupa-prod",
    "northwind-coupa-test as northwind-coupa-test",
    "northwind-traders",
  ]);
  expect(screen.queryByRole("button", { name: /Undo/ })).toBeNull();
});

test("an account that cannot be removed is named, keeps the tenant, and is tried again alone", async () => {
  const user = userEvent.setup();
  const locked = new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." });
  const removeAccount = vi.fn().mockResolvedValueOnce({}).mockRejectedValueOnce(locked).mockResolvedValue({});
  const removeTenant = vi.fn().mockResolvedValue(null);
  await openWindow("/tenants/northwind-traders", { overrides: { removeAccount, removeTenant } });
  const dialog = await askToRemove(user);
  await user.type(within(dialog).getByRole("textbox"), "northwind-traders{Enter}");
  expect(await within(dialog).findByText("northwind-coupa-test could not be removed:")).toBeTruthy();
  expect(dialog.textContent).toContain("The vault is locked.");
  expect(dialog.textContent).toContain("1 of 2 accounts removed");
  expect(removeTenant).not.toHaveBeenCalled();
  await user.type(within(dialog).getByRole("textbox"), "northwind-traders");
  await user.click(within(dialog).getByRole("button", { name: "Remove the rest" }));
  await waitFor(() => {
    expect(removeTenant).toHaveBeenCalledWith("northwind-traders");
  });
  expect(removeAccount.mock.calls.map(([id]) => id as string)).toEqual([
    "northwind-coupa-prod",
    "northwind-coupa-test",
    "northwind-coupa-test",
  ]);
});

test("with a customer looking on nothing is removed", async () => {
  const user = userEvent.setup();
  await openWindow("/tenants/northwind-traders", {
    overrides: { callMode: () => Promise.resolve("northwind-traders") },
  });
  await user.click(await screen.findByRole("button", { name: "More" }));
  expect(await screen.findByRole("menuitem", { name: "Report to print…" })).toBeTruthy();
  expect(screen.queryByRole("menuitem", { name: "Remove…" })).toBeNull();
});

test("removing a tenant without accounts can be undone by keyboard", async () => {
  const user = userEvent.setup();
  const world = fullWorld(Date.now());
  world.tenants.push({ id: "zebra", name: "Zebra", region: null });
  await openWindow("/tenants/zebra", { world });
  await user.click(await screen.findByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove…" }));
  await user.click(await screen.findByRole("button", { name: "Remove tenant" }));
  expect(await screen.findByText("Zebra is removed")).toBeTruthy();
  expect(world.tenants.some((tenant) => tenant.id === "zebra")).toBe(false);
  await user.keyboard("{Control>}z{/Control}");
  await waitFor(() => {
    expect(world.tenants.some((tenant) => tenant.id === "zebra")).toBe(true);
  });
});

test("a removal that failed is asked again in its question, and nowhere else", async () => {
  const user = userEvent.setup();
  const world = fullWorld(Date.now());
  world.tenants.push({ id: "zebra", name: "Zebra", region: null });
  const busy = new BackendError({ code: "workspace_busy", message: "The workspace is busy.", hint: "Wait for it." });
  await openWindow("/tenants/zebra", { world, overrides: { removeTenant: vi.fn().mockRejectedValue(busy) } });
  await user.click(await screen.findByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove…" }));
  await user.click(await screen.findByRole("button", { name: "Remove tenant" }));
  await screen.findAllByText("The workspace is busy.");
  expect(screen.queryByRole("button", { name: "Try again", hidden: true })).toBeNull();
  expect(screen.getByRole("dialog", { name: "Remove Zebra?" })).toBeTruthy();
});

test("a tenant that is not there offers the way back", async () => {
  const tenant = vi.fn().mockRejectedValue(
    new BackendError({ code: "not_found", message: "There is no tenant x.", hint: null }),
  );
  await openWindow("/tenants/x", { overrides: { tenant } });
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByRole("button", { name: "All tenants" })).toBeTruthy();
});

test("the filter by environment leaves the tenants with accounts in it, and counts those", async () => {
  const user = userEvent.setup();
  await openWindow("/tenants");
  const grid = await screen.findByRole("grid", { name: "Tenants" });
  const names = () => within(grid).getAllByRole("row").slice(1).map((row) => row.textContent);
  expect(names()).toHaveLength(8);
  await user.click(screen.getByRole("combobox", { name: "Environment" }));
  await user.click(await screen.findByRole("option", { name: "eu-test" }));
  await waitFor(() => {
    expect(names()).toEqual(["Northwind Tradersnorthwind-tradersUKall active01"]);
  });
  await user.type(screen.getByLabelText("Filter tenants"), "no such name");
  await user.click(await screen.findByRole("button", { name: "Show all tenants" }));
  await waitFor(() => {
    expect(names()).toHaveLength(8);
  });
});

test.each([
  [20, "cards"],
  [90, "a table"],
])("a tenant with %i accounts shows them in %s and holds few nodes", async (accounts, shape) => {
  const user = userEvent.setup();
  const world = fullWorld(Date.now());
  const [like] = world.rows;
  world.rows = Array.from({ length: accounts }, (_, index) => ({
    ...like!,
    id: `account-${String(index + 10)}`,
    tenant: "northwind-traders",
    kind: index % 2 === 0 ? "sandbox" : "production",
    environment: `env-${String(Math.floor(index / 2))}`,
  }));
  const { history } = await openWindow("/tenants/northwind-traders", { world });
  await screen.findByText("account-10");
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
  if (shape === "cards") {
    expect(screen.getAllByRole("article")).toHaveLength(accounts);
  } else {
    const grid = screen.getByRole("grid", { name: "Accounts" });
    expect(grid.getAttribute("aria-rowcount")).toBe(String(accounts + 1));
    const rows = within(grid).getAllByRole("row").map((row) => row.textContent);
    expect(rows[1]).toBe("Coupa");
    expect(rows[2]).toContain("account-10sandboxenv-0");
    expect(rows[3]).toContain("account-11productionenv-0");
    expect(await violations()).toEqual([]);
    await user.click(within(grid).getByRole("button", { name: "Account" }));
    await user.click(within(grid).getByRole("button", { name: "Account" }));
    expect(within(grid).getAllByRole("row")[1]?.textContent).toContain("account-99");
    await user.click(within(grid).getByRole("button", { name: "Account" }));
    await user.click(within(grid).getByText("account-11"));
    expect(history.location.pathname).toBe("/accounts/account-11");
  }
});
