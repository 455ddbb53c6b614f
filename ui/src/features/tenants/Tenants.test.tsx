import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { BackendError } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { emptyWorld, fullWorld } from "../../testing/world";

vi.mock("../../backend/bindings", () => ({ commands: {} }));

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

test("removing a tenant with production asks for its id", async () => {
  const user = userEvent.setup();
  const removeTenant = vi.fn().mockResolvedValue(null);
  await openWindow("/tenants/northwind-traders", { overrides: { removeTenant } });
  await user.click(await screen.findByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove…" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove Northwind Traders?" });
  expect(dialog.textContent).toContain("northwind-coupa-prod, northwind-coupa-test");
  const confirm = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Remove tenant" });
  expect(confirm.disabled).toBe(true);
  await user.type(within(dialog).getByRole("textbox"), "northwind-traders");
  await user.click(confirm);
  expect(removeTenant).toHaveBeenCalledWith("northwind-traders");
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

test("a tenant that is not there offers the way back", async () => {
  const tenant = vi.fn().mockRejectedValue(
    new BackendError({ code: "unknown_tenant", message: "There is no tenant x.", hint: null }),
  );
  await openWindow("/tenants/x", { overrides: { tenant } });
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByRole("button", { name: "All tenants" })).toBeTruthy();
});
