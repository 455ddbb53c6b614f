import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { BackendError, type QuietNow } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

async function open(quietNow: () => Promise<QuietNow | null>) {
  const startSync = vi.fn(async () => "run-1");
  const made = accountWindow({ quietNow, startSync });
  await openWindow("/accounts/northwind-coupa-test/sync", { overrides: made.commands, listen: made.listen });
  await screen.findByRole("button", { name: /Start test sync/ });
  return { startSync, user: userEvent.setup() };
}

it("a sync can be started in a quiet window, and the window is named first", async () => {
  const { startSync, user } = await open(async () => ({ windows: "mon-fri 08:00-18:00, month-end 3", until: null }));
  const note = await screen.findByText("northwind-traders wants quiet now");
  expect(note.closest("p")?.textContent).toContain("(mon-fri 08:00-18:00, month-end 3)");
  expect(await violations()).toEqual([]);
  // The button says that it goes on in spite of it.
  await user.click(screen.getByRole("button", { name: /^Start test sync anyway/ }));
  expect(startSync).toHaveBeenCalledTimes(1);
});

it("says until when", async () => {
  const until = new Date(Date.now() + 60_000);
  await open(async () => ({ windows: "mon-fri 08:00-18:00", until: until.toISOString() }));
  await screen.findByText(/northwind-traders wants quiet until .*\d\d:\d\d/);
});

it("says nothing where nobody wants quiet", async () => {
  await open(async () => null);
  expect(document.body.textContent).not.toContain("wants quiet");
  expect(screen.queryByRole("button", { name: /anyway/ })).toBeNull();
});

it("says so where it is not known", async () => {
  await open(async () => {
    throw new BackendError({ code: "busy", message: "The workspace cannot be read.", hint: "Try again." });
  });
  const said = await screen.findByRole("alert");
  expect(said.textContent).toContain("The workspace cannot be read.");
  within(said).getByRole("button", { name: "Try again" });
});
