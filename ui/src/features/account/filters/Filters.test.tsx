import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { type Backend, BackendError } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

async function open(overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  await openWindow("/accounts/northwind-coupa-test/mapping", { overrides: made.commands, listen: made.listen });
  const user = userEvent.setup();
  await screen.findByRole("grid", { name: "Mapping of Invoice" });
  await user.keyboard("f");
  const dialog = await screen.findByRole("dialog", { name: "Filters" });
  const find = await within(dialog).findByRole("textbox", { name: "Find a filter" });
  await waitFor(() => expect(document.activeElement).toBe(find));
  return { ...made, user, dialog };
}

/** Opens one filter's editor by its name, from the keyboard. */
async function choose(user: ReturnType<typeof userEvent.setup>, name: string) {
  await user.keyboard(`${name}{Enter}`);
  const editor = await screen.findByRole("textbox", { name: `What ${name} asks for` });
  const section = screen.getByRole("region", { name: `Filter ${name}` });
  return { editor, section, answer: within(section).getByRole("status", { name: "What it asks for" }) };
}

const options = (dialog: HTMLElement) => within(dialog).getAllByRole("option").map((each) => each.textContent ?? "");

describe("Filters", () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it("lists every filter with what it asks for and the level that says so", async () => {
    const { dialog, user } = await open();
    const all = options(dialog);
    expect(all.find((each) => each.startsWith("vendor"))).toBe('vendorenvironment{ "supplier[number]": { "eq": vendor } }');
    expect(all.find((each) => each.startsWith("memo"))).toBe("memonot asked by");
    expect(dialog.textContent).toContain("Choose a filter to see and change what it asks for.");
    expect(await violations()).toEqual([]);
    await user.keyboard("nothing of the kind");
    await within(dialog).findByText("No filter is called so.");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("shows what a draft asks for, saves it and takes it back", async () => {
    const { dialog, user } = await open();
    const { editor, section, answer } = await choose(user, "status");
    await waitFor(() => expect(answer.textContent).toBe("asks for: paid=true"));
    editor.textContent = '{ "status": { "eq": status } }';
    await within(section).findByText("draft");
    await waitFor(() => expect(answer.textContent).toBe("asks for: status=paid"));
    expect(await violations()).toEqual([]);
    await user.type(within(section).getByRole("textbox", { name: "Note on this version" }), "one state{Enter}");
    await screen.findByText("Version 1 of status is in force");
    await waitFor(() => expect(options(dialog).find((each) => each.startsWith("status"))).toBe('statusaccount{ "status": { "eq": status } }'));
    expect(section.textContent).toContain("connector gives $lookup(");
    await user.click(within(section).getByRole("button", { name: /^History/ }));
    const history = await within(section).findByRole("list", { name: "History of status" });
    expect(history.textContent).toContain("one state");
    expect(await violations()).toEqual([]);
    await user.click(within(section).getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Take the override away: back to the connector level" }));
    await screen.findByText("status is inherited again (version 2)");
    await waitFor(() => expect(options(dialog).find((each) => each.startsWith("status"))).toContain("connector"));
    expect(editor.textContent).toContain("$lookup(");
  });

  it("takes a saved version back by its toast", async () => {
    const { dialog, user } = await open();
    const { editor } = await choose(user, "memo");
    expect(editor.textContent).toContain("What the provider is asked for");
    editor.textContent = '{ "internal-note": { "contains": memo } }';
    await user.click(await screen.findByRole("button", { name: /^Save version/ }));
    await screen.findByText("Version 1 of memo is in force");
    await user.click(await screen.findByRole("button", { name: /^Undo/, hidden: true }));
    await waitFor(() => expect(options(dialog).find((each) => each.startsWith("memo"))).toBe("memonot asked by"));
  });

  it("says why a draft asks for nothing, and points at one that reads nothing", async () => {
    const { user } = await open();
    const { editor, section, answer } = await choose(user, "status");
    await user.click(within(section).getByRole("combobox", { name: "Value to try" }));
    await user.click(await screen.findByRole("option", { name: "approved" }));
    await waitFor(() => expect(answer.textContent?.trim()).toBe("Coupa has no condition for status=approved."));
    for (const [expression, said] of [
      ['{ "status": { "sounds_like": status } }', "Coupa has no operator sounds_like. It has: eq, in, gt, lt, contains."],
      ['{ "paid": { "eq": "true" } }', "status: the expression does not read status"],
      ['{ "status"', "Expected"],
      ["", "The provider is not asked by status."],
    ] as const) {
      editor.textContent = expression;
      await waitFor(() => expect(answer.textContent).toContain(said));
    }
    expect(screen.getByRole("button", { name: /^Save version/ }).hasAttribute("disabled")).toBe(true);
  });

  it("keeps a draft while the dialog is closed, until it is thrown away", async () => {
    const { user } = await open();
    const first = await choose(user, "paid");
    first.editor.textContent = '{ "settled": { "eq": paid } }';
    await within(first.section).findByText("draft");
    // The first one may close what the editor offers.
    await waitFor(async () => {
      await user.keyboard("{Escape}");
      expect(screen.queryByRole("dialog")).toBeNull();
    });
    await user.click(screen.getByRole("button", { name: /^Filters/ }));
    const find = await screen.findByRole("textbox", { name: "Find a filter" });
    await waitFor(() => expect(document.activeElement).toBe(find));
    const again = await choose(user, "paid");
    expect(again.editor.textContent).toBe('{ "settled": { "eq": paid } }');
    await user.click(within(again.section).getByRole("button", { name: "Discard" }));
    await waitFor(() => expect(again.editor.textContent).toBe('{ "paid": { "eq": paid } }'));
    await screen.findByText("The draft of paid is discarded");
  });

  it("no longer asks by a filter that is taken away, at the level chosen", async () => {
    const saveOverride = vi.fn<Backend["saveOverride"]>(async (which) => ({
      version: 1, level: which.level, scope: which.scope, model: which.model, resource: which.resource, field: which.field, action: "remove",
      expression: null, type: null, before: null, after: null, restored_version: null, note: null, actor: "engineer", at: "2026-11-21T13:20:00Z",
    }));
    const { user } = await open({ saveOverride });
    const { section } = await choose(user, "vendor");
    expect(within(section).getByRole("combobox", { name: "Level" }).textContent).toContain("environment");
    await user.click(within(section).getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "No longer ask by it here" }));
    await waitFor(() =>
      expect(saveOverride).toHaveBeenCalledWith(
        expect.objectContaining({ level: "environment", model: "procurement/invoice", resource: "invoices", field: "vendor", request: true }),
        null, null, null, false,
      ),
    );
  });

  it("says what keeps it from listing or saving", async () => {
    const locked = () => Promise.reject(new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." }));
    const { user } = await open({ saveOverride: locked });
    const { editor } = await choose(user, "memo");
    editor.textContent = '{ "note": { "eq": memo } }';
    await user.click(await screen.findByRole("button", { name: /^Save version/ }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The vault is locked.");
    expect(editor.textContent).toContain("note");
  });

  it("offers to try again where the list does not come", async () => {
    let asked = 0;
    const made = accountWindow({
      filterTable: async () => {
        asked += 1;
        if (asked === 1) {
          throw new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." });
        }
        return [];
      },
    });
    await openWindow("/accounts/northwind-coupa-test/mapping", { overrides: made.commands, listen: made.listen });
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: /^Filters/ }));
    const dialog = await screen.findByRole("dialog", { name: "Filters" });
    await user.click(await within(dialog).findByRole("button", { name: "Try again" }));
    await within(dialog).findByText(/there is nothing to ask by/);
  });
});
