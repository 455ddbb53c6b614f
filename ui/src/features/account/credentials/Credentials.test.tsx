import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

async function open(overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  await openWindow("/accounts/northwind-coupa-test/credentials", { overrides: made.commands, listen: made.listen });
  await screen.findByRole("heading", { name: "Clocks" });
  return userEvent.setup();
}

it("sets what is granted against what is needed", async () => {
  await open();
  const row = (await screen.findByText("core.invoice.read")).closest("tr");
  expect(row?.textContent).toContain("in use");
  expect(row?.textContent).toContain("Invoices");
  expect(await violations()).toEqual([]);
});

it("puts a new secret in place, tests it and forgets what was typed", async () => {
  const updateAccount = vi.fn<Backend["updateAccount"]>(async () => ({}) as never);
  const user = await open({ updateAccount });
  await user.type(screen.getByLabelText("New secret"), "s3cret-canary");
  await user.click(screen.getByRole("button", { name: "Rotate and test" }));
  await screen.findByRole("list", { name: "Connection test" });
  expect(updateAccount.mock.calls[0]?.[1]).toMatchObject({ secret: "s3cret-canary", client_id: null });
  await waitFor(() => expect(screen.getByLabelText("New secret")).toHaveProperty("value", ""));
  expect(document.body.innerHTML).not.toContain("s3cret-canary");
});

it("renews a token", async () => {
  const renewToken = vi.fn<Backend["renewToken"]>(async () => ({}) as never);
  const user = await open({ renewToken });
  await user.click(await screen.findByRole("button", { name: "Renew now" }));
  await waitFor(() => expect(renewToken).toHaveBeenCalledWith("northwind-coupa-test"));
});
