import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Backend, RunDetail } from "../../backend";
import { currentCommands } from "../../keyboard/commands";
import { sampleRun } from "../account/testing/fakeAccount";
import { openWindow, violations } from "../../testing/window";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

test("a paused run is taken up again from the list, as it was asked for", async () => {
  const user = userEvent.setup();
  const paused = { ...sampleRun(3), resource: "suppliers" };
  const run = async (): Promise<RunDetail> => ({
    ...paused,
    resume: { fields: "all", pages: null, marks: false, budget: 10 },
    error_groups: [],
    log: [],
  });
  const resumeSync = vi.fn<Backend["resumeSync"]>(async (id) => id);
  const { history } = await openWindow("/runs", {
    overrides: { runs: async () => [paused, sampleRun(0)], run, quietNow: async () => null, resumeSync },
  });
  const buttons = await screen.findAllByRole("button", { name: /^Resume the sync/ });
  expect(buttons).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Resume the sync of suppliers" }));
  await waitFor(() => expect(resumeSync).toHaveBeenCalledWith("run-3", { pages: null, mark_exported: null, confirm: null }));
  // The row itself is not opened.
  expect(history.location.pathname).toBe("/runs");
});

test("paused runs of one resource are commands of their own", async () => {
  const paused = { ...sampleRun(3), status: "paused" };
  const later = { ...paused, run: "run-later", started_at: "2026-11-21T13:10:00Z" };
  await openWindow("/runs", { overrides: { runs: async () => [later, paused] } });
  await screen.findByRole("grid", { name: "Runs" });
  const labels = currentCommands().map(({ label }) => label).filter((label) => label.startsWith("Resume the full sync of suppliers"));
  expect(new Set(labels).size).toBe(2);
});

const many = (there: number) =>
  vi.fn<Backend["runs"]>(async ({ limit }) =>
    Array.from({ length: Math.min(limit, there) }, (_, index) => ({ ...sampleRun(index), run: `run-${String(index)}` })),
  );

const listed = async () => Number((await screen.findByRole("grid", { name: "Runs" })).getAttribute("aria-rowcount")) - 1;

test("says that only the newest runs are shown, and shows more of them", async () => {
  const user = userEvent.setup();
  const runs = many(1_500);
  await openWindow("/runs", { overrides: { runs } });
  await screen.findByText("The newest 1,000 are shown.");
  expect(await listed()).toBe(1_000);
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(async () => expect(await listed()).toBe(1_500));
  expect(runs).toHaveBeenLastCalledWith({ account: null, resource: null, limit: 2_000 });
  expect(screen.queryByText(/^The newest/)).toBeNull();
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
  expect(await violations()).toEqual([]);
});

test("a run is found by any words and by its status, and opens its page", async () => {
  const user = userEvent.setup();
  const { history } = await openWindow("/runs", {
    overrides: { runs: async () => [sampleRun(0), { ...sampleRun(1), resource: "contracts" }, sampleRun(2), sampleRun(3)] },
  });
  expect(await listed()).toBe(4);
  await user.type(screen.getByLabelText("Filter runs"), "northwind contracts");
  await waitFor(async () => expect(await listed()).toBe(1));
  await user.clear(screen.getByLabelText("Filter runs"));
  await user.click(screen.getByRole("combobox", { name: "Status" }));
  await user.click(await screen.findByRole("option", { name: "paused" }));
  await waitFor(async () => expect(await listed()).toBe(1));
  await user.type(screen.getByLabelText("Filter runs"), "nothing like it");
  await user.click(await screen.findByRole("button", { name: "Show all runs" }));
  await waitFor(async () => expect(await listed()).toBe(4));
  const grid = screen.getByRole("grid", { name: "Runs" });
  await user.click(within(grid).getByText("contracts"));
  expect(history.location.href).toBe("/accounts/northwind-coupa-test/sync?resource=contracts&run=run-1");
});

test("the filter by environment leaves the runs of its accounts", async () => {
  const user = userEvent.setup();
  await openWindow("/runs", {
    overrides: { runs: async () => [sampleRun(0), { ...sampleRun(1), account: "ostara-prod" }] },
  });
  expect(await listed()).toBe(2);
  await user.click(screen.getByRole("combobox", { name: "Environment" }));
  await user.click(await screen.findByRole("option", { name: "Production" }));
  await waitFor(async () => expect(await listed()).toBe(1));
  expect(screen.getByText("ostara-prod")).toBeTruthy();
});
