import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend, ScheduleView } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

const ACCOUNT = "northwind-coupa-test";

async function open(held: ScheduleView[]) {
  const setSchedule = vi.fn<Backend["setSchedule"]>(async () => held);
  const made = accountWindow({ schedules: async () => held, setSchedule });
  await openWindow(`/accounts/${ACCOUNT}/sync?resource=invoices`, { overrides: made.commands, listen: made.listen });
  const user = userEvent.setup();
  const panel = await screen.findByRole("region", { name: "Schedule" });
  const choose = async (label: string, option: string) => {
    await user.click(within(panel).getByRole("combobox", { name: label }));
    await user.click(await screen.findByRole("option", { name: option }));
  };
  return { setSchedule, panel, choose, user };
}

it("schedules a resource, and takes that back", async () => {
  const { setSchedule, choose, user } = await open([]);
  await choose("Sync invoices by itself", "Every 30 min");
  await waitFor(() => expect(setSchedule).toHaveBeenCalledWith(ACCOUNT, "invoices", { mode: "incremental", every: "30m" }));
  await screen.findByText("Invoices: incremental sync every 30 min");
  await user.click(await screen.findByRole("button", { name: /^Undo/ }));
  await waitFor(() => expect(setSchedule).toHaveBeenLastCalledWith(ACCOUNT, "invoices", null));
});

it("says when the next begins, why it waits, and what else is scheduled", async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const later = new Date(Date.now() + 7_200_000).toISOString();
  const held = { account: ACCOUNT, mode: "full", next_at: soon, waits: null, waits_until: null };
  const { panel } = await open([
    { ...held, resource: "invoices", every: "6h", waits: "The customer wants quiet then.", waits_until: later },
    { ...held, resource: "suppliers", every: "1d" },
  ]);
  await within(panel).findByText(/The customer wants quiet then/);
  expect(panel.textContent).toContain("every 6 h");
  expect(panel.textContent).toContain("Also by itself: suppliers daily.");
  expect(within(panel).getByRole("link", { name: "When northwind-traders wants quiet" })).toBeTruthy();
  expect(await violations()).toEqual([]);
});

it("turns a schedule off", async () => {
  const held = { account: ACCOUNT, resource: "invoices", mode: "full", every: "6h", next_at: null, waits: null, waits_until: null };
  const { setSchedule, choose } = await open([held]);
  await choose("Sync invoices by itself", "Off");
  await waitFor(() => expect(setSchedule).toHaveBeenCalledWith(ACCOUNT, "invoices", null));
});
