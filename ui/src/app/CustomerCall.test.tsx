import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { openWindow, violations } from "../testing/window";
import { largeWorld } from "../testing/world";

vi.mock("../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

test("of many tenants the choice for a customer call says how many more there are, and finds each by its name", async () => {
  const user = userEvent.setup();
  await openWindow("/", { world: largeWorld(Date.now(), 500) });
  await screen.findByRole("grid", { name: "Accounts" });
  await user.keyboard("{Control>}{Shift>}l{/Shift}{/Control}");
  const dialog = await screen.findByRole("dialog", { name: "Start a customer call" });
  await within(dialog).findByText("and 238 more: type a name to find one");
  expect(await violations()).toEqual([]);
  await user.type(within(dialog).getByLabelText("Tenant"), "tenant-249");
  expect(within(dialog).queryByText(/more: type/)).toBeNull();
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(screen.getByRole("status").textContent).toContain("Tenant 249 only");
  });
});
