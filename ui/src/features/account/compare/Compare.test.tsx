import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { type Backend, BackendError } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

const PLACE = "/accounts/northwind-coupa-test/compare";

async function open(place = PLACE, overrides: Parameters<typeof accountWindow>[0] = {}) {
  const made = accountWindow(overrides);
  await openWindow(place, { overrides: made.commands, listen: made.listen });
  await screen.findByRole("option", { name: /^department.*ok$/ });
  await screen.findByRole("treeitem", { name: /^cost-center-code/ });
  return { ...made, user: userEvent.setup() };
}

const tree = () => screen.getByRole("tree", { name: "Raw record" });
const lit = () => [...tree().querySelectorAll('[data-link="read"]')].map((row) => row.getAttribute("data-path"));

beforeEach(() => {
  localStorage.clear();
});

describe("Compare", () => {
  it("lights up and opens what a chosen unified field reads", async () => {
    const { user } = await open();
    expect(lit()).toEqual([]);
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^department/ }));
    await waitFor(() => expect(lit()).toEqual(["custom-fields.cost-center-code", "invoice-lines[0].account.segment-2"]));
    const detail = screen.getByRole("region", { name: "Field department" });
    expect(within(detail).getByText("account")).toBeTruthy();
    expect(detail.textContent).toContain("reads custom-fields.cost-center-code, invoice-lines[].account.segment-2");
  });

  it("lights up the fields that read a raw place", async () => {
    const { user } = await open();
    await user.hover(screen.getByRole("treeitem", { name: /^cost-center-code/ }));
    await waitFor(() => {
      const mapping = screen.getByRole("listbox", { name: "Mapping" });
      expect(mapping.querySelector('[data-light="lit"]')?.textContent).toContain("department");
    });
  });

  it("marks raw leaves that nothing reads, custom fields first", async () => {
    await open();
    const rows = within(tree()).getAllByRole("treeitem").map((row) => row.textContent);
    expect(rows[0]).toMatch(/^custom-fields/);
    expect(rows.find((row) => row?.startsWith("approval-lane"))).toContain("custom field, read by nothing");
  });

  it("goes through records with J and K wherever the focus is", async () => {
    const { user } = await open();
    await screen.findByText("1 of 200");
    screen.getByRole("listbox", { name: "Unified record" }).focus();
    await user.keyboard("j");
    await screen.findByText("2 of 200");
    await user.keyboard("k");
    await screen.findByText("1 of 200");
  });

  it("goes to the next record where a field fails", async () => {
    const { user } = await open();
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^status/ }));
    await user.keyboard("n");
    await screen.findByText("5 of 200");
  });

  it("tells how far a search is and ends it when asked to", async () => {
    const cancelImpact = vi.fn(async () => null);
    const nextFailing: Backend["nextFailing"] = async (_search, { hear }) => {
      hear({ done: 1_200, total: 50_000 });
      return new Promise(() => undefined);
    };
    const { user } = await open(PLACE, { nextFailing, cancelImpact });
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^status/ }));
    await user.keyboard("n");
    await screen.findByText("Looking where status fails: 1,200 of 50,000");
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Stop" }));
    await waitFor(() => expect(screen.queryByText(/Looking where/)).toBeNull());
    expect(cancelImpact).toHaveBeenCalledTimes(1);
    await screen.findByText("1 of 200");
  });

  it("tells how far the first count over many records is, and counts again when it was stopped", async () => {
    const fieldTotals = vi.fn<Backend["fieldTotals"]>(async (_account, _model, _resource, walk) => {
      walk?.hear({ done: 3_000, total: 50_000 });
      return new Promise(() => undefined);
    });
    const { user } = await open(PLACE, { fieldTotals });
    await screen.findByText("Evaluating all records: 3,000 of 50,000");
    await user.click(screen.getByRole("button", { name: "Stop" }));
    await user.click(await screen.findByRole("button", { name: "Count failing fields" }));
    await screen.findByText("Evaluating all records: 3,000 of 50,000");
    expect(fieldTotals).toHaveBeenCalledTimes(2);
  });

  it("copies the whole record as it was received", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Copy the whole raw record" }));
    await screen.findByText(/^Copied record 41000/);
    expect(JSON.parse(await navigator.clipboard.readText())).toMatchObject({ id: 41000 });
  });

  it("copies a unified value whole, by its button and by key", async () => {
    const long = "x".repeat(9_000);
    const unifiedValue = vi.fn<Backend["unifiedValue"]>(async () => long);
    const { user } = await open(PLACE, { unifiedValue });
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^department/ }));
    await user.click(screen.getByRole("button", { name: /^Copy value/ }));
    await screen.findByText("Copied department");
    expect(await navigator.clipboard.readText()).toBe(long);
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^number/ }));
    await user.keyboard("c");
    await screen.findByText("Copied number");
    expect(unifiedValue).toHaveBeenLastCalledWith("northwind-coupa-test", "invoices", "41000", "procurement/invoice", "number");
    // Nothing is copied of a field without a value.
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^memo/ }));
    expect(screen.queryByRole("button", { name: /^Copy value/ })).toBeNull();
  });

  it("says why the raw record does not come, and tries again", async () => {
    const made = accountWindow({});
    let shut = true;
    const rawPage: Backend["rawPage"] = async (...args) => {
      const answer = await made.commands.rawPage?.(...args);
      if (shut || !answer) {
        throw new BackendError({ code: "record_unreadable", message: "A stored record cannot be shown.", hint: "Sync the resource again." });
      }
      return answer;
    };
    await openWindow(PLACE, { overrides: { ...made.commands, rawPage }, listen: made.listen });
    const user = userEvent.setup();
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("A stored record cannot be shown.");
    expect(screen.getByRole("group", { name: "Raw record" }).getAttribute("aria-busy")).toBe("false");
    shut = false;
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    await screen.findByRole("treeitem", { name: /^cost-center-code/ });
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says that nothing is left unread", async () => {
    const made = accountWindow({});
    const rawPage: Backend["rawPage"] = async (...args) => {
      const answer = await made.commands.rawPage?.(...args);
      if (!answer) {
        throw new Error("no page");
      }
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, read: true, expanded: row.expandable })) };
    };
    const { user } = await open(PLACE, { rawPage });
    tree().focus();
    await user.keyboard("u");
    expect((await screen.findAllByText("Every raw field of this record is read")).length).toBeGreaterThan(0);
  });

  it("says why what a field reads cannot be shown", async () => {
    const made = accountWindow({});
    const rawPage: Backend["rawPage"] = async (...args) => {
      const answer = args[3].locate === null ? await made.commands.rawPage?.(...args) : undefined;
      if (!answer) {
        throw new BackendError({ code: "projection_gone", message: "These records are gone.", hint: "Open the resource again." });
      }
      return answer;
    };
    const { user } = await open(PLACE, { rawPage });
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^department/ }));
    const told = await screen.findByRole("alertdialog", { hidden: true });
    expect(told.textContent).toContain("These records are gone.");
    expect(told.textContent).toContain("Open the resource again.");
    expect(told.textContent).toContain("Crosswalk's side");
    expect(within(told).getByRole("button", { name: "Copy details", hidden: true })).toBeTruthy();
  });

  it("shows a masked value only after it was asked for, and no longer than the window is open", async () => {
    const { user, emit } = await open();
    expect(document.body.textContent).not.toContain("DE811907980");
    await user.pointer({ keys: "[MouseRight]", target: screen.getByRole("treeitem", { name: /^tax-id/ }) });
    await user.click(await screen.findByRole("menuitem", { name: /Reveal/ }));
    await waitFor(() => expect(document.body.textContent).toContain("DE811907980"));
    act(() => emit("lock-changed", { locked: true }));
    expect(document.body.textContent).not.toContain("DE811907980");
    tree().focus();
    await user.keyboard("c");
    await screen.findByText("Copied the value");
    expect(await navigator.clipboard.readText()).not.toContain("DE811907980");
  });

  it("does not show a value that comes after the window was locked", async () => {
    let reveal: (value: string) => void = () => undefined;
    const rawValue = vi.fn<Backend["rawValue"]>(
      () =>
        new Promise((done) => {
          reveal = done;
        }),
    );
    const { user, emit } = await open(PLACE, { rawValue });
    await user.pointer({ keys: "[MouseRight]", target: screen.getByRole("treeitem", { name: /^tax-id/ }) });
    await user.click(await screen.findByRole("menuitem", { name: /Reveal/ }));
    await waitFor(() => expect(rawValue).toHaveBeenCalled());
    act(() => emit("lock-changed", { locked: true }));
    await act(async () => {
      reveal("DE811907980");
    });
    expect(document.body.textContent).not.toContain("DE811907980");
  });

  it("maps an unread custom field, saves it and pins it, all by keyboard", async () => {
    const { user, mapping } = await open();
    tree().focus();
    await user.keyboard("u");
    await waitFor(() => expect(tree().querySelector('[aria-selected="true"]')?.textContent).toMatch(/^approval-lane/));
    await user.keyboard("m");
    await screen.findByRole("dialog", { name: "Map approval-lane to…" });
    await user.keyboard("{Enter}");
    const editor = await screen.findByRole("textbox", { name: "Expression of custom_fields.approval_lane" });
    expect(editor.textContent).toBe("`custom-fields`.`approval-lane`");
    await screen.findByText("fits value");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(mapping.versions[0]?.expression).toBe("`custom-fields`.`approval-lane`"));
    await screen.findByText("Version 1 of custom_fields.approval_lane is in force");
    await waitFor(() => expect(screen.queryByRole("textbox", { name: /^Expression/ })).toBeNull());
    await user.keyboard("{Shift>}p{/Shift}");
    await waitFor(() => expect(mapping.pins).toEqual(["41000"]));
    // The keyboard is where it came from, and the history is a key away.
    expect(document.activeElement).toBe(tree());
    await user.keyboard("h");
    const history = await screen.findByRole("list", { name: "History of custom_fields.approval_lane" });
    expect(history.textContent).toContain("Version 1");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(tree()));
  });

  it("never renders record text as HTML", async () => {
    const { user } = await open();
    tree().focus();
    await user.click(screen.getByRole("treeitem", { name: /^invoice-lines/ }));
    await user.click(await screen.findByRole("treeitem", { name: /^0/ }));
    const row = await screen.findByRole("treeitem", { name: /Forklift/ });
    expect(row.textContent).toContain("<b>Forklift</b>");
    expect(tree().querySelector("b")).toBeNull();
  });

  it("says what to do where nothing is stored", async () => {
    const made = accountWindow({});
    await openWindow(`${PLACE}?resource=suppliers`, {
      overrides: { ...made.commands, recordIds: async () => ({ previous: null, next: null, position: 0, total: 0 }) },
    });
    await screen.findByText("No suppliers stored yet");
    expect(screen.getByRole("button", { name: "Run a test sync" })).toBeTruthy();
  });

  it("has nothing for axe to find and stays small", async () => {
    const { user } = await open();
    await user.click(within(screen.getByRole("listbox", { name: "Unified record" })).getByRole("option", { name: /^department/ }));
    expect(await violations()).toEqual([]);
    tree().focus();
    await user.keyboard("u");
    await waitFor(() => expect(tree().querySelector('[aria-selected="true"]')?.textContent).toMatch(/^approval-lane/));
    await user.keyboard("m");
    await screen.findByRole("dialog", { name: "Map approval-lane to…" });
    expect(await violations()).toEqual([]);
    await user.keyboard("{Enter}");
    await screen.findByText(/affects 200 of 200 records/);
    expect(await violations()).toEqual([]);
    expect(document.querySelectorAll("*").length).toBeLessThan(1500);
  });
});
