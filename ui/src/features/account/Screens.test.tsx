import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { accountWindow } from "./testing/accountWindow";
import { sampleRun } from "./testing/fakeAccount";

const ACCOUNT = "/accounts/northwind-coupa-test";

async function open(tab: string, overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  const opened = await openWindow(`${ACCOUNT}/${tab}`, { overrides: made.commands, listen: made.listen });
  return { ...made, ...opened, user: userEvent.setup() };
}

// Beside a divider of panes a click does not focus here, where nothing has a place: fields are focused by hand.
function expectSmall() {
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
}

describe("Explore", () => {
  it("filters as one types and opens a record in the compare view", async () => {
    const { user, history } = await open("explore");
    await screen.findByText("200 records");
    screen.getByRole("textbox", { name: "Filter invoices" }).focus();
    await user.keyboard("INV-004605");
    await screen.findByText("1 of 200 matches");
    await user.click(await screen.findByText("INV-004605"));
    await waitFor(() => expect(history.location.href).toContain("/compare?resource=invoices&record=41005"));
  });

  it("keeps masked values masked", async () => {
    await open("explore");
    await screen.findByText("200 records");
    expect(document.body.textContent).not.toContain("DE811907980");
  });

  it("sends the provider's own operators and nothing unfinished", async () => {
    const queryProvider = vi.fn(async () => ({ records: 1, ids: ["41003"] }));
    const { user } = await open("explore", { queryProvider });
    await user.click(await screen.findByRole("button", { name: "Ask the provider" }));
    const form = screen.getByRole("form", { name: "Ask the provider" });
    await user.click(within(form).getByRole("button", { name: "Ask the provider" }));
    expect(within(form).getByText("Write a value.")).toBeTruthy();
    within(form).getByRole("textbox", { name: "Value" }).focus();
    await user.keyboard("approved");
    await user.click(within(form).getByRole("button", { name: "Ask the provider" }));
    await screen.findByText(/1 record stored/);
    expect(queryProvider).toHaveBeenCalledWith("northwind-coupa-test", "invoices", [
      { field: "status", operator: "", value: "approved" },
    ]);
  });

  it("asks by unified filters and says what the provider was asked for", async () => {
    const queryUnified = vi.fn(async () => ({
      model: "procurement/invoice", resource: "invoices", conditions: [], asked: ["status[in]=new,draft"], ids: ["41003"], left_out: 2, more: false,
    }));
    const { user } = await open("explore", { queryUnified });
    await user.click(await screen.findByRole("button", { name: "Ask the provider" }));
    const form = screen.getByRole("form", { name: "Ask the provider" });
    within(form).getByRole("combobox", { name: "Field" }).focus();
    await user.keyboard("{ArrowDown}");
    await screen.findByRole("option", { name: "status (unified)" });
    await user.keyboard("{Home}{Enter}");
    await user.click(within(form).getByRole("button", { name: "Ask the provider" }));
    await screen.findByText(/Asked for status\[in\]=new,draft/);
    expect(screen.getByText(/2 more records/)).toBeTruthy();
    expect(queryUnified).toHaveBeenCalledWith(
      "northwind-coupa-test", "procurement/invoice", "invoices", [{ name: "status", value: "approved" }], [],
    );
  });

  it("closes the questions to the provider with Escape, after what is open in them", async () => {
    const { user, history } = await open("explore");
    const toggle = await screen.findByRole("button", { name: "Ask the provider" });
    await user.click(toggle);
    const form = screen.getByRole("form", { name: "Ask the provider" });
    within(form).getByRole("combobox", { name: "Field" }).focus();
    await user.keyboard("{ArrowDown}");
    await screen.findByRole("option", { name: "status (unified)" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("option", { name: "status (unified)" })).toBeNull());
    expect(screen.getByRole("form", { name: "Ask the provider" })).toBeTruthy();
    within(form).getByRole("textbox", { name: "Value" }).focus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("form", { name: "Ask the provider" })).toBeNull();
    expect(document.activeElement).toBe(toggle);
    await user.click(toggle);
    await screen.findByRole("form", { name: "Ask the provider" });
    toggle.focus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("form", { name: "Ask the provider" })).toBeNull();
    expect(history.location.pathname).toBe(`${ACCOUNT}/explore`);
  });

  it("leads to a sync where nothing is stored", async () => {
    const { user, history } = await open("explore?resource=suppliers");
    await user.click(await screen.findByRole("button", { name: "Run a test sync" }));
    await waitFor(() => expect(history.location.href).toContain("/sync?resource=suppliers"));
  });

  it("holds few nodes over 50,000 stored records", async () => {
    const TOTAL = 50_000;
    const projectionPage: Backend["projectionPage"] = async (_projection, { offset, limit }) => ({
      indexed: TOTAL,
      total: TOTAL,
      complete: true,
      stopped: null,
      matching: TOTAL,
      rows: Array.from({ length: limit }, (_, index) => ({
        id: String(offset + index),
        cells: Array.from({ length: 8 }, (__, cell) => `${offset + index} ${cell}`),
        masked: Array.from({ length: 8 }, () => false),
      })),
    });
    await open("explore", { projectionPage });
    await screen.findByText("50,000 records");
    const grid = await screen.findByRole("grid", { name: /Invoices/ });
    expect(grid.getAttribute("aria-rowcount")).toBe("50001");
    expectSmall();
  });

  it("is small and has nothing for axe to find", async () => {
    await open("explore");
    await screen.findByText("200 records");
    expectSmall();
    expect(await violations()).toEqual([]);
  });
});

describe("Sync", () => {
  it("starts a test sync, shows its progress and pauses it", async () => {
    const { user } = await open("sync");
    await user.click(await screen.findByRole("button", { name: /Start test sync/ }));
    const live = await screen.findByRole("region", { name: "Sync of Invoices" });
    expect(live.textContent).toContain("4.2 of 5 req/s");
    expect(live.textContent).toContain("about 30 s left");
    await user.click(within(live).getByRole("button", { name: "Pause" }));
    await within(live).findByRole("button", { name: "Resume" });
  });

  it("starts the chosen mode with what was asked for", async () => {
    const startSync = vi.fn(async () => "run-1");
    const { user } = await open("sync", { startSync });
    await user.click(await screen.findByRole("radio", { name: /Full/ }));
    await user.click(screen.getByRole("button", { name: /Start full sync/ }));
    await waitFor(() => expect(startSync).toHaveBeenCalledTimes(1));
    expect(startSync.mock.calls[0]).toEqual([
      "northwind-coupa-test",
      "invoices",
      { mode: "full", pages: null, budget: null, fields: null, restart: false, mark_exported: false, confirm: null },
    ]);
  });

  it("says why a number is refused", async () => {
    const { user } = await open("sync");
    await user.type(await screen.findByRole("textbox", { name: /^Pages/ }), "few");
    expect(screen.getByText("A whole number from 1.")).toBeTruthy();
    expect(screen.getByRole("button", { name: /Start test sync/ })).toHaveProperty("disabled", true);
  });

  it("is small and has nothing for axe to find", async () => {
    await open("sync");
    await screen.findByRole("button", { name: /Start test sync/ });
    await screen.findAllByText("completed");
    expectSmall();
    expect(await violations()).toEqual([]);
  });
});

describe("a run", () => {
  it("groups errors by cause with records to open", async () => {
    const { user, history } = await open("sync?resource=invoices&run=run-0");
    await screen.findByText("currency is missing");
    expect(screen.getByText("4 records")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "41003" }));
    await waitFor(() => expect(history.location.href).toContain("record=41003"));
  });

  it("shows 20,000 requests without holding them", async () => {
    const { user } = await open("sync?resource=invoices&run=run-0");
    await user.click(await screen.findByRole("tab", { name: /^Requests/ }));
    const table = await screen.findByRole("grid", { name: "Requests" });
    expect(table.getAttribute("aria-rowcount")).toBe("20001");
    expectSmall();
    expect(await violations()).toEqual([]);
  });

  it("has a log one can read", async () => {
    const { user } = await open("sync?resource=invoices&run=run-0");
    await user.click(await screen.findByRole("tab", { name: "Log" }));
    await screen.findByText("INV-004600 skipped: currency is missing");
    expect(await violations()).toEqual([]);
  });

  it("reopens at the call that was open, and at the part that was chosen", async () => {
    const { user, history } = await open("sync?resource=invoices&run=run-0&call=20000");
    await screen.findByRole("region", { name: "Call 20000" });
    expect(screen.getByRole("tab", { selected: true }).textContent).toMatch(/^Requests/);
    await user.click(screen.getByRole("tab", { name: "Log" }));
    await waitFor(() => expect(history.location.href).toContain("tab=log"));
    await user.click(screen.getByRole("tab", { name: /^Requests/ }));
    await screen.findByRole("region", { name: "Call 20000" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("region", { name: "Call 20000" })).toBeNull());
    expect(history.location.href).toBe(`${ACCOUNT}/sync?resource=invoices&run=run-0&tab=requests`);
  });

  it("opens at the part its address names, else at the errors", async () => {
    const first = await open("sync?resource=invoices&run=run-0&tab=log");
    await screen.findByText("INV-004600 skipped: currency is missing");
    first.unmount();
    await open("sync?resource=invoices&run=run-0&tab=nothing");
    expect((await screen.findByRole("tab", { selected: true })).textContent).toMatch(/^Errors by cause/);
  });

  it("says that only the newest runs of a resource are shown, and shows more of them", async () => {
    const runs = vi.fn<Backend["runs"]>(async ({ limit }) =>
      Array.from({ length: Math.min(limit, 700) }, (_, index) => ({ ...sampleRun(0), run: `run-${index}` })),
    );
    const { user } = await open("sync?resource=invoices", { runs });
    await screen.findByText("The newest 500 are shown.");
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(screen.queryByText(/^The newest/)).toBeNull());
    expect(screen.getByRole("grid", { name: "Runs" }).getAttribute("aria-rowcount")).toBe("701");
    expect(runs).toHaveBeenLastCalledWith({ account: "northwind-coupa-test", resource: "invoices", limit: 1_000 });
    expectSmall();
  });
});

describe("Calls", () => {
  it("opens a call with masked secrets and sends it again", async () => {
    const replayCall = vi.fn(async (seq: number) => ({
      row: { seq: seq + 1, at: "2026-11-21T12:10:01Z", method: "GET", endpoint: "/api/invoices", status: 200, duration_ms: 5, bytes: 2, records: null, run: null, error: null, account: null, resource: null },
      request_headers: {}, request_body: null, response_headers: {}, response: "{}", response_note: null, response_bytes: 2, curl: "curl", replayable: true,
    }));
    const { user } = await open("calls", { replayCall });
    await user.click(await screen.findByText("/api/invoices?limit=50&offset=1000000"));
    const call = await screen.findByRole("region", { name: "Call 20000" });
    expect(call.textContent).toContain("Bearer ••••");
    expect(within(call).getByRole("button", { name: "Copy as curl" })).toBeTruthy();
    expect(await violations()).toEqual([]);
    await user.click(within(call).getByRole("button", { name: "Send again" }));
    await screen.findByRole("region", { name: "Call 20001" });
    expect(replayCall).toHaveBeenCalledWith(20000);
  });

  it("leads from a page that is kept as records to its run", async () => {
    const call: Backend["call"] = async (seq) => ({
      row: { seq, at: "2026-11-21T12:10:01Z", method: "GET", endpoint: "/api/invoices", status: 200, duration_ms: 5, bytes: 2, records: 50, run: "run-0", error: null, account: "northwind-coupa-test", resource: "invoices" },
      request_headers: {}, request_body: null, response_headers: {}, response: null, response_note: "This page's records are stored.", response_bytes: 2, curl: "curl", replayable: true,
    });
    const { user, history } = await open("calls?call=7", { call });
    const panel = await screen.findByRole("region", { name: "Call 7" });
    expect(panel.textContent).toContain("This page's records are stored. Open the run or its records.");
    expect(await violations()).toEqual([]);
    await user.click(within(panel).getByRole("link", { name: "Open the run" }));
    await waitFor(() => expect(history.location.href).toContain("/sync?resource=invoices&run=run-0"));
  });

  it("closes a call with Escape and stays on the screen, also where the call cannot be read", async () => {
    const call = vi.fn<Backend["call"]>().mockRejectedValue(new Error("no such call"));
    const { user, history } = await open("calls?call=7", { call });
    await screen.findByText("no such call");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(history.location.href).toBe(`${ACCOUNT}/calls`));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("grid", { name: "Calls" })));
    await user.keyboard("{Escape}");
    expect(history.location.href).toBe(`${ACCOUNT}/calls`);
  });

  it("searches", async () => {
    const { user } = await open("calls");
    await screen.findByRole("grid", { name: "Calls" });
    await user.type(screen.getByRole("textbox", { name: "Search the calls" }), "nothing like it");
    await screen.findByText(/No call has/);
  });
});

describe("The account's bar", () => {
  it("leads to the twin's same tab", async () => {
    const twin = vi.fn(async () => "northwind-coupa-prod");
    const { user, history } = await open("sync", { twin });
    await user.click(await screen.findByRole("link", { name: "production twin" }));
    await waitFor(() => expect(history.location.href).toContain("/accounts/northwind-coupa-prod/sync"));
  });
});
