import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { BackendError } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { fullWorld, largeWorld } from "../../testing/world";
import { overviewColumns } from "./columns";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

const rowsOf = async () => {
  const grid = await screen.findByRole("grid", { name: "Accounts" });
  return within(grid)
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent);
};

test("what needs someone stands first", async () => {
  await openWindow("/");
  const rows = await rowsOf();
  expect(rows[0]).toContain("aster-coupa");
  expect(rows[1]).toContain("unhealthy");
  expect(await violations()).toEqual([]);
});

test("an account says what it connects to, and its last run how many records it stored", async () => {
  await openWindow("/");
  const rows = await rowsOf();
  const rowOf = (account: string) => rows.find((text) => text?.includes(account));
  expect(rowOf("quill-greenhouse")).toContain("quill-greenhouse·Greenhouse");
  expect(rowOf("kestrel-coupa-prod")).toContain("3 errors+1,204 · 3 h ago");
  expect(rowOf("meridian-test")).toContain("never");
});

test("every column has room in the window as it opens first", () => {
  // 1280 px without the rail, the padding of the screen and the border of the table.
  const room = 1280 - 208 - 40 - 2;
  const least = overviewColumns(Date.now()).map(({ width }) => Number(/^(?:minmax\()?(\d+)px/.exec(width)?.[1]));
  expect(least.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(room);
});

test("a number of records is short rather than cut, and whole on hover", async () => {
  const world = fullWorld(Date.now());
  const row = world.rows.find((each) => each.id === "kestrel-coupa-prod")!;
  row.last_run = { ...row.last_run!, stored: 124_180 };
  await openWindow("/", { world });
  const rows = await rowsOf();
  expect(rows.find((text) => text?.includes(row.id))).toContain("+124k · 3 h ago");
  expect(screen.getByTitle("124,180 records stored")).toBeTruthy();
  expect(screen.getByTitle(row.id)).toBeTruthy();
});

test("the filter finds by any words and says what to do when nothing is found", async () => {
  const user = userEvent.setup();
  await openWindow("/");
  await screen.findByRole("grid");
  const filter = screen.getByLabelText("Filter accounts");
  await user.type(filter, "northwind production");
  expect(await rowsOf()).toHaveLength(1);
  await user.type(filter, " nothing");
  await user.click(screen.getByRole("button", { name: "Show all accounts" }));
  await waitFor(async () => {
    expect(await rowsOf()).toHaveLength(9);
  });
});

test("a heading sorts one way, the other way, and back to attention", async () => {
  const user = userEvent.setup();
  await openWindow("/");
  await screen.findByRole("grid");
  const heading = screen.getByRole("button", { name: "Records" });
  await user.click(heading);
  expect((await rowsOf())[0]).toContain("ostara-prod");
  await user.click(heading);
  expect((await rowsOf())[0]).not.toContain("ostara-prod");
  await user.click(heading);
  expect((await rowsOf())[0]).toContain("aster-coupa");
});

test("grouped by tenant, each tenant heads its accounts", async () => {
  const user = userEvent.setup();
  await openWindow("/");
  await screen.findByRole("grid");
  await user.click(screen.getByRole("checkbox", { name: "Group by tenant" }));
  const rows = await rowsOf();
  const heading = rows.findIndex((text) => text === "Northwind Traders");
  expect(rows[heading + 1]).toContain("northwind-coupa");
  expect(rows[heading + 2]).toContain("northwind-coupa");
});

test("five hundred accounts hold few nodes", async () => {
  await openWindow("/", { world: largeWorld(Date.now(), 500) });
  await screen.findByRole("grid");
  expect(await screen.findByText("500 accounts of 250 tenants")).toBeTruthy();
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
});

test("arrows and Enter open an account", async () => {
  const user = userEvent.setup();
  const { history } = await openWindow("/");
  (await screen.findByRole("grid")).focus();
  await user.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => {
    expect(history.location.pathname).toContain("/accounts/kestrel-coupa-prod");
  });
});

test("a failure says what happened, whose side it is on, and offers the next step", async () => {
  const fault = { code: "workspace_newer", message: "It is newer.", hint: "Update Crosswalk." };
  const overview = vi.fn().mockRejectedValue(new BackendError(fault));
  await openWindow("/", { world: fullWorld(Date.now()), overrides: { overview } });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("It is newer.");
  expect(alert.textContent).toContain("Update Crosswalk.");
  expect(alert.textContent).toContain("This workspace");
  await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(overview).toHaveBeenCalledTimes(2);
});

test("figures that cannot be counted say so and leave the accounts where they are", async () => {
  const fault = { code: "workspace_busy", message: "Another process writes.", hint: "Wait for it, then try again." };
  const overviewTotals = vi.fn().mockRejectedValueOnce(new BackendError(fault)).mockResolvedValue({
    need_someone: 4, tokens_past_threshold: 0, refresh_due_soon: 0, records_today: 0,
  });
  await openWindow("/", { overrides: { overviewTotals } });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Another process writes.");
  expect(screen.getByRole("grid")).toBeTruthy();
  await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  await waitFor(() => {
    expect(screen.getByText("Need someone").parentElement?.textContent).toContain("4");
  });
});
