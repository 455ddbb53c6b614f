import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend, ResumeView, RunDetail } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";
import { sampleRun } from "../testing/fakeAccount";

const NOTHING = { pages: null, mark_exported: null, confirm: null };
const KEPT: ResumeView = { fields: "mapped", pages: null, marks: false, budget: null };

function detail(mode: string, resume: ResumeView | null, more: Partial<RunDetail> = {}): RunDetail {
  return { ...sampleRun(3), mode, resume, error_groups: [], log: [], ...more };
}

/** The window on a run's own page, or on the sync tab. */
async function open(run: RunDetail, { place = "&run=run-3", ...overrides }: Partial<Backend> & { place?: string } = {}) {
  const resumeSync = vi.fn<Backend["resumeSync"]>(async (id) => id);
  const startSync = vi.fn<Backend["startSync"]>(async () => "run-live-1");
  const made = accountWindow({ run: async () => run, resumeSync, startSync, ...overrides });
  await openWindow(`/accounts/northwind-coupa-test/sync?resource=invoices${place}`, {
    overrides: made.commands,
    listen: made.listen,
  });
  return { resumeSync, startSync, emit: made.emit, user: userEvent.setup() };
}

it("takes up the run that was paused and begins no other", async () => {
  const { resumeSync, startSync, emit, user } = await open(detail("full", { ...KEPT, fields: "all" }), { place: "" });
  await screen.findByRole("button", { name: /Start test sync/ });
  emit("run-progress", {
    run: "run-3", account: "northwind-coupa-test", resource: "invoices", status: "paused", fetched: 50, stored: 50, duplicates: 0,
    errors: 0, pages: 1, requests: 1, retries: 0, rate_limited: 0, requests_per_second: 1, budget_per_second: null, eta_seconds: null,
  });
  const live = await screen.findByRole("region", { name: "Sync of Invoices" });
  await user.click(within(live).getByRole("button", { name: "Resume" }));
  await waitFor(() => expect(resumeSync).toHaveBeenCalledWith("run-3", NOTHING));
  expect(startSync).not.toHaveBeenCalled();
});

it("resumes from the run's own page, and says how it goes on", async () => {
  const { resumeSync, user } = await open(detail("test", { ...KEPT, fields: "all", pages: 20 }));
  await screen.findByText("whole records, at most 20 pages");
  await user.click(screen.getByRole("button", { name: "Resume" }));
  await waitFor(() => expect(resumeSync).toHaveBeenCalledWith("run-3", NOTHING));
});

it("has the tenant's id typed before a run that marks goes on", async () => {
  const { resumeSync, user } = await open(detail("unexported", { ...KEPT, marks: true }));
  await user.click(await screen.findByRole("button", { name: "Resume" }));
  const dialog = await screen.findByRole("dialog");
  const sure = within(dialog).getByRole("button", { name: "Resume and mark" });
  expect(sure).toHaveProperty("disabled", true);
  await user.type(within(dialog).getByRole("textbox"), "northwind-traders");
  expect(await violations()).toEqual([]);
  await user.click(sure);
  await waitFor(() => expect(resumeSync).toHaveBeenCalledWith("run-3", { ...NOTHING, confirm: "northwind-traders" }));
});

it("asks what a run does not tell rather than guess", async () => {
  const { resumeSync, user } = await open(detail("test", KEPT));
  await user.click(await screen.findByRole("button", { name: "Resume" }));
  const dialog = await screen.findByRole("dialog");
  const go = within(dialog).getByRole("button", { name: "Resume" });
  expect(go).toHaveProperty("disabled", true);
  await user.type(within(dialog).getByRole("textbox", { name: /^Pages/ }), "20");
  await user.click(go);
  await waitFor(() => expect(resumeSync).toHaveBeenCalledWith("run-3", { ...NOTHING, pages: 20 }));
});

it("asks before it goes on while the customer wants quiet", async () => {
  const { resumeSync, user } = await open(detail("full", KEPT), {
    quietNow: async () => ({ windows: "mon-sun", until: null }),
  });
  await user.click(await screen.findByRole("button", { name: "Resume" }));
  const dialog = await screen.findByRole("dialog", { name: "northwind-traders wants quiet now: resume anyway?" });
  expect(resumeSync).not.toHaveBeenCalled();
  await user.click(within(dialog).getByRole("button", { name: "Resume anyway" }));
  await waitFor(() => expect(resumeSync).toHaveBeenCalledTimes(1));
});

it("follows a run that goes on until its end", async () => {
  let stored = 100;
  const run = vi.fn<Backend["run"]>(async () => {
    stored += 50;
    return detail("full", null, { stored, status: stored < 250 ? "running" : "completed" });
  });
  await open(detail("full", null), { run });
  await screen.findByText("150");
  await screen.findByText("200", undefined, { timeout: 3_000 });
  await screen.findByText("completed", undefined, { timeout: 3_000 });
  expect(screen.queryByRole("button", { name: "Resume" })).toBeNull();
});

it("shows every record of a cause that was kept, and says what was not", async () => {
  const records = Array.from({ length: 50 }, (_, index) => String(41_000 + index));
  const group = { cause: "record_too_large", message: "the record is too large", hint: null };
  const { user } = await open(
    detail("full", null, {
      error_groups: [
        { ...group, count: 60, records },
        { ...group, cause: "record_without_id", message: "the record has no id", count: 3, records: [] },
      ],
    }),
  );
  await screen.findByText("41011");
  expect(screen.queryByText("41012")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show 38 more" }));
  expect(screen.getByText("41049")).toBeTruthy();
  expect(screen.getByText("10 more ids were not kept.")).toBeTruthy();
  expect(screen.getByText("Their ids are not known.")).toBeTruthy();
});
