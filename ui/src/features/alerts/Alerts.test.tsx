import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { openWindow } from "../../testing/window";

vi.mock("../../backend/bindings", () => ({ commands: {} }));

test("what is wrong now stands first, and can be acted on", async () => {
  const user = userEvent.setup();
  const renewToken = vi.fn().mockResolvedValue({});
  const snoozeAlert = vi.fn().mockResolvedValue({});
  await openWindow("/alerts", { overrides: { renewToken, snoozeAlert } });
  const grid = await screen.findByRole("grid", { name: "Alerts" });
  const rows = within(grid)
    .getAllByRole("row")
    .map((row) => row.textContent);
  expect(rows[1]).toBe("Wrong now");
  expect(rows[2]).toContain("The credential was refused");
  await user.click(screen.getAllByRole("button", { name: "Renew now: northwind-coupa-prod" })[0]!);
  expect(renewToken).toHaveBeenCalledWith("northwind-coupa-prod");
  await user.click(screen.getByRole("button", { name: "Snooze: northwind-coupa-prod" }));
  await user.click(await screen.findByRole("menuitem", { name: "For an hour" }));
  await waitFor(() => {
    expect(snoozeAlert).toHaveBeenCalledWith("a1", expect.stringMatching(/^\d{4}-/));
  });
});

test("a day of the calendar shows what falls due on it", async () => {
  const user = userEvent.setup();
  await openWindow("/alerts");
  const grid = await screen.findByRole("grid", { name: "Alerts" });
  const days = screen.getAllByRole("button", { name: /: 1 alert$/ });
  await user.click(days[0]!);
  expect(within(grid).getAllByRole("row")).toHaveLength(3);
  await user.click(screen.getByRole("button", { name: "Show all" }));
  expect(within(grid).getAllByRole("row").length).toBeGreaterThan(3);
});
