import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { openWindow } from "../../testing/window";
import { fullWorld } from "../../testing/world";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

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
  await user.click(screen.getByRole("button", { name: "More: northwind-coupa-prod" }));
  await user.click(await screen.findByRole("menuitem", { name: "Snooze for an hour" }));
  await waitFor(() => {
    expect(snoozeAlert).toHaveBeenCalledWith("a1", expect.stringMatching(/^\d{4}-/));
  });
});

test("what has not fallen due and what is over offer nothing that would have no effect", async () => {
  const user = userEvent.setup();
  const ackAlert = vi.fn().mockResolvedValue({});
  const { history } = await openWindow("/alerts", { overrides: { ackAlert } });
  const grid = await screen.findByRole("grid", { name: "Alerts" });
  const rows = within(grid).getAllByRole("row");
  const rowOf = (text: string) => rows.findLast((row) => row.textContent?.includes(text));
  const deeds = (text: string) =>
    within(rowOf(text) ?? grid)
      .queryAllByRole("button")
      .map((button) => button.getAttribute("aria-label"));
  expect(deeds("Refresh token reaches 80 days")).toEqual(["Renew now: halden-prod", "Open halden-prod"]);
  expect(rows.at(-2)?.textContent).toBe("Resolved lately");
  expect(rows.at(-1)?.textContent).toContain("It was renewed.");
  expect(deeds("It was renewed.")).toEqual(["Open northwind-coupa-prod"]);
  await user.click(within(rowOf("The credential was refused") ?? grid).getByRole("button", { name: "More: aster-coupa" }));
  await user.click(await screen.findByRole("menuitem", { name: "Acknowledge" }));
  await waitFor(() => {
    expect(ackAlert).toHaveBeenCalledWith("a2");
  });
  expect(history.location.pathname).toBe("/alerts");
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

test("the filter by environment leaves the alerts of its accounts and of the workspace", async () => {
  const user = userEvent.setup();
  const world = fullWorld(Date.now());
  world.alerts = world.alerts.map((alert) =>
    alert.id === "a3" ? { ...alert, account: null, tenant: null, tenant_name: null, title: "Keys are not written down" } : alert,
  );
  await openWindow("/alerts", { world });
  const grid = await screen.findByRole("grid", { name: "Alerts" });
  const titles = () => within(grid).getAllByRole("row").map((row) => row.textContent).join("\n");
  expect(titles()).toContain("aster-coupa");
  await user.click(screen.getByRole("combobox", { name: "Environment" }));
  await user.click(await screen.findByRole("option", { name: "Sandbox" }));
  await waitFor(() => expect(titles()).not.toContain("aster-coupa"));
  expect(titles()).toContain("Keys are not written down");
  expect(screen.getAllByRole("button", { name: /: 1 alert$/ })).toHaveLength(1);
});

test("where the filter by environment leaves no alert, all can be shown again", async () => {
  const user = userEvent.setup();
  await openWindow("/alerts");
  const grid = await screen.findByRole("grid", { name: "Alerts" });
  await user.click(screen.getByRole("combobox", { name: "Environment" }));
  await user.click(await screen.findByRole("option", { name: "Sandbox" }));
  await user.click(await screen.findByRole("button", { name: "Show all alerts" }));
  await within(grid).findByText("The credential was refused");
});
