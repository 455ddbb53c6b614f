import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { type Backend, BackendError } from "../../../backend";
import { forgetUndo } from "../../../keyboard/undo";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

async function open(tab: string, overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  const opened = await openWindow(`/accounts/northwind-coupa-test/${tab}`, { overrides: made.commands, listen: made.listen });
  return { ...made, ...opened, user: userEvent.setup() };
}

async function choose(user: ReturnType<typeof userEvent.setup>, label: string, option: RegExp) {
  await user.click(await screen.findByRole("combobox", { name: label }));
  await user.click(await screen.findByRole("option", { name: option }));
}

describe("Mapping", () => {
  beforeEach(() => {
    localStorage.clear();
    forgetUndo();
  });

  it("lists fields with what won over what, and their coverage", async () => {
    await open("mapping");
    const table = await screen.findByRole("grid", { name: "Mapping of Invoice" });
    const department = within(table).getByText("department").closest('[role="row"]');
    expect(department?.textContent).toContain("accountover connector");
    await waitFor(() => expect(within(table).getByTitle("133 of 200 filled")).toBeTruthy());
    expect(await violations()).toEqual([]);
  });

  it("shows a draft's result, offers a fix and says what it changes", async () => {
    const { user } = await open("mapping?field=sub_total");
    await screen.findByText("fits decimal");
    await user.click(await screen.findByRole("button", { name: "Use $decimal_sum" }));
    expect(screen.getByRole("textbox", { name: "Expression of sub_total" }).textContent).toContain("$decimal_sum(");
    await screen.findByText(/affects 200 of 200 records/);
    expect(await violations()).toEqual([]);
    expect(document.querySelectorAll("*").length).toBeLessThan(1500);
  });

  it("asks before a required field is made to fail", async () => {
    const { user, mapping } = await open("mapping?field=number");
    await screen.findByText("fits string");
    const editor = screen.getByRole("textbox", { name: "Expression of number" });
    editor.textContent = "nothing";
    await waitFor(() => expect(editor.textContent).toBe("nothing"));
    await user.click(await screen.findByRole("button", { name: /^Save version/ }));
    const dialog = await screen.findByRole("dialog", { name: "Save although a required field fails?" });
    expect(dialog.textContent).toContain("200 of 200 records");
    expect(mapping.versions).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Save anyway" }));
    await waitFor(() => expect(mapping.versions[0]).toMatchObject({ field: "number", expression: "nothing" }));
  });

  it("keeps what was written and shows every version", async () => {
    const { user, mapping } = await open("mapping?field=memo", {});
    mapping.versions.push({
      version: 1, level: "account", scope: "northwind-coupa-test", model: "procurement/invoice", resource: "invoices", field: "memo",
      action: "set", expression: "comment", type: null, before: null, after: "comment", restored_version: null, note: "as asked",
      actor: "engineer", at: "2026-11-20T10:00:00Z",
    });
    await user.click(await screen.findByRole("tab", { name: /^History/ }));
    const history = await screen.findByRole("list", { name: "History of memo" });
    expect(history.textContent).toContain("as asked");
    expect(await violations()).toEqual([]);
  });

  it("puts two accounts side by side and lists what differs", async () => {
    const { user } = await open("mapping");
    await screen.findByRole("grid", { name: "Mapping of Invoice" });
    await user.click(screen.getByRole("button", { name: "Move" }));
    await user.click(await screen.findByRole("menuitem", { name: "Compare with another account…" }));
    const dialog = await screen.findByRole("dialog", { name: "Compare northwind-coupa-test" });
    const mapping = await within(dialog).findByRole("region", { name: "Mapping" });
    expect(mapping.textContent).toContain("department of invoices");
    expect(mapping.textContent).not.toContain("memo");
    expect(within(dialog).getByRole("region", { name: "Scopes" }).textContent).toContain("core.common.read");
    expect(within(dialog).getByRole("region", { name: "Coverage" }).textContent).toContain("the same");
    const tables = within(dialog).getByRole("region", { name: "Tables" }).textContent;
    expect(tables).toContain("CC-4000Fleetno entry");
    expect(tables).toContain("and 3,987 more");
    expect(await violations()).toEqual([]);
  });

  it("tells what changed in the records", async () => {
    const { user } = await open("mapping");
    const told = await screen.findByRole("button", { name: "Records changed: 1 gone, 1 new" });
    expect(told.textContent).toBe("1 gone, 1 new");
    await user.click(told);
    const dialog = await screen.findByRole("dialog", { name: "What changed in the records" });
    const changes = within(dialog).getByRole("list", { name: "Changes in the records" });
    expect(changes.textContent).toContain("internal-note");
    expect(changes.textContent).toContain("read by memo");
    expect(changes.textContent).toContain("180 of 200 records");
    expect(within(dialog).getByRole("region", { name: "Still gone" }).textContent).toContain("internal-note");
    expect(await violations()).toEqual([]);
  });

  it("tries a draft on a pasted record, which is not stored", async () => {
    const evaluateDraft = vi.fn(async () => ({
      value: '"pasted"', status: "ok", message: null, position: null, reads: ["memo"], before: null, before_status: "empty", changed: true, wins: true, masked: false, ms: 2,
    }));
    const { user } = await open("mapping?field=number", { evaluateDraft });
    await user.click(await screen.findByRole("button", { name: "Paste a record…" }));
    const dialog = await screen.findByRole("dialog", { name: "Try the draft on a pasted record" });
    within(dialog).getByRole("textbox", { name: "Record" }).focus();
    await user.paste("{memo");
    expect(dialog.textContent).toContain("This is not JSON");
    await user.clear(within(dialog).getByRole("textbox", { name: "Record" }));
    await user.paste('{"memo": "pasted"}');
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("on the pasted record");
    await waitFor(() => expect(evaluateDraft).toHaveBeenLastCalledWith(expect.anything(), null, '{"memo": "pasted"}'));
    await user.click(screen.getByRole("button", { name: /^Back to / }));
    await waitFor(() => expect(evaluateDraft).toHaveBeenLastCalledWith(expect.anything(), expect.any(String), null));
  });

  it("asks before an import after which a pin no longer holds", async () => {
    const report = (dryRun: boolean) => ({
      dry_run: dryRun, written_for: "coupa 1.0.0", present: "coupa 1.0.0", tables: [], unfit: [], versions: 1,
      changes: [{ level: "account", scope: "northwind-coupa-test", model: "procurement/invoice", resource: null, field: "memo", request: false, before: null, after: "note" }],
      accounts: [{ account: "northwind-coupa-test", tenant: "northwind-traders", kind: "sandbox", records: 200, changed: 12, newly_failing: 0, pins: 2, broken_pins: ["invoices 41003: memo"], error: null }],
    });
    const importBundle = vi.fn(async (_level: string, _scope: string, _text: string, dryRun: boolean) => report(dryRun));
    const { user } = await open("mapping", { importBundle });
    await screen.findByRole("grid", { name: "Mapping of Invoice" });
    await user.click(screen.getByRole("button", { name: "Move" }));
    await user.click(await screen.findByRole("menuitem", { name: "Import overrides…" }));
    const dialog = await screen.findByRole("dialog", { name: "Import overrides" });
    within(dialog).getByRole("textbox", { name: "Bundle" }).focus();
    await user.paste("format: 1");
    await user.click(within(dialog).getByRole("button", { name: "Show what would change" }));
    const write = await within(dialog).findByRole<HTMLButtonElement>("button", { name: "Write 1 change" });
    expect(dialog.textContent).toContain("invoices 41003: memo");
    expect(write.disabled || write.getAttribute("aria-disabled") === "true").toBe(true);
    await user.click(within(dialog).getByRole("checkbox", { name: "Write it although pins no longer hold" }));
    await user.click(within(dialog).getByRole("button", { name: "Write 1 change" }));
    await waitFor(() => expect(importBundle).toHaveBeenCalledTimes(2));
  });

  it("names a custom field from what is typed", async () => {
    const { user } = await open("mapping");
    await user.click(await screen.findByRole("button", { name: /^Field/ }));
    const dialog = await screen.findByRole("dialog", { name: "Add a field" });
    expect(await violations()).toEqual([]);
    within(dialog).getByRole("textbox", { name: "Name" }).focus();
    await user.keyboard("Approval Lane{Enter}");
    await screen.findByRole("textbox", { name: "Expression of custom_fields.approval_lane" });
  });

  it("adds a field to the model with the type that was chosen", async () => {
    const { user, mapping } = await open("mapping");
    await user.click(await screen.findByRole("button", { name: /^Field/ }));
    const dialog = await screen.findByRole("dialog", { name: "Add a field" });
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Lane");
    await choose(user, "Where it stands", /^in the model/);
    await choose(user, "Type of the field", /^one of a few texts/);
    const write = within(dialog).getByRole("button", { name: "Write its expression" });
    expect(write.hasAttribute("disabled")).toBe(true);
    await user.type(within(dialog).getByRole("textbox", { name: "Words of the enum" }), "Lane A, Lane B");
    await user.click(write);
    const editor = await screen.findByRole("textbox", { name: "Expression of lane" });
    editor.textContent = "`custom-fields`.`approval-lane`";
    await screen.findByText("fits one of a few texts");
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: /^Save version/ }));
    await waitFor(() =>
      expect(mapping.versions[0]).toMatchObject({ field: "lane", type: '{"enum":["Lane A","Lane B"]}' }),
    );
  });

  it("lists what nothing reads and maps from the list by keyboard", async () => {
    const { user, mapping } = await open("mapping");
    await screen.findByRole("grid", { name: "Mapping of Invoice" });
    await user.keyboard("u");
    const dialog = await screen.findByRole("dialog", { name: "Raw fields nothing reads" });
    const list = await within(dialog).findByRole("grid", { name: "Raw fields nothing reads" });
    await within(list).findByText("custom-fields.approval-lane");
    const paths = within(list).getAllByRole("row").slice(1).map((row) => row.querySelector("code")?.textContent ?? "");
    expect(paths[0]).toMatch(/^custom-fields/);
    expect(paths.every((path) => !path.includes("invoice-number"))).toBe(true);
    expect(dialog.textContent).toContain("12 records fetched in part are left out");
    expect(await violations()).toEqual([]);
    await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Filter raw fields"));
    await user.keyboard("approval{Enter}");
    await screen.findByRole("dialog", { name: "Map approval-lane to…" });
    await user.keyboard("{Enter}");
    const editor = await screen.findByRole("textbox", { name: "Expression of custom_fields.approval_lane" });
    expect(editor.textContent).toBe("`custom-fields`.`approval-lane`");
    await screen.findByText("fits value");
    await user.click(screen.getByRole("button", { name: /^Save version/ }));
    await waitFor(() => expect(mapping.versions[0]?.field).toBe("custom_fields.approval_lane"));
  });

  it.each([
    ["sub_total", "$sum(`invoice-lines`.price)", "Use $decimal_sum", "$decimal_sum(`invoice-lines`.price)"],
    ["memo", "paid and qty ?? 5", "Put parentheses where it is read", "paid and (qty ?? 5)"],
    ["memo", "$match(memo, /x(?=y)/).match", "Match what the look-around only looks at", "$match(memo, /x(?:y)/).match"],
  ])("offers a change that answers %s = %s", async (field, written, title, fixed) => {
    const { user } = await open(`mapping?field=${field}`);
    const editor = await screen.findByRole("textbox", { name: `Expression of ${field}` });
    editor.textContent = written;
    await screen.findByText("draft");
    await user.click(await screen.findByRole("button", { name: title }));
    await waitFor(() => expect(editor.textContent).toBe(fixed));
    await waitFor(() => expect(screen.queryByRole("button", { name: title })).toBeNull());
  });

  it("asks before an old version is restored that makes a required field fail", async () => {
    const restoreOverride = vi.fn<Backend["restoreOverride"]>(async (which, version, note, force) => {
      if (!force) {
        throw new BackendError({ code: "required_field_fails", message: "number would fail on 3 of 200 records.", hint: "Save anyway." });
      }
      return {
        version: 3, ...which, action: "set", expression: "gone", type: null, before: null, after: "gone", restored_version: version,
        note, actor: "engineer", at: "2026-11-21T13:20:00Z",
      };
    });
    const { user, mapping } = await open("mapping?field=number", { restoreOverride });
    for (const version of [1, 2]) {
      mapping.versions.unshift({
        version, level: "account", scope: "northwind-coupa-test", model: "procurement/invoice", resource: "invoices", field: "number",
        action: "set", expression: "gone", type: null, before: null, after: "gone", restored_version: null, note: null,
        actor: "engineer", at: "2026-11-20T10:00:00Z",
      });
    }
    await user.click(await screen.findByRole("tab", { name: /^History/ }));
    await user.click(await screen.findByRole("button", { name: "Restore" }));
    const dialog = await screen.findByRole("dialog", { name: "Restore although a required field fails?" });
    expect(dialog.textContent).toContain("3 of 200 records");
    await user.click(within(dialog).getByRole("button", { name: "Restore anyway" }));
    await waitFor(() => expect(restoreOverride).toHaveBeenLastCalledWith(expect.anything(), 1, null, true));
  });

  it("takes saved versions back one after the other, and leaves what somebody else saved", async () => {
    const { user, mapping } = await open("mapping?field=memo");
    const write = async (expression: string) => {
      const editor = await screen.findByRole("textbox", { name: "Expression of memo" });
      editor.textContent = expression;
      await screen.findByText("draft");
      await user.click(screen.getByRole("button", { name: /^Save version/ }));
      await waitFor(() => expect(screen.queryByRole("textbox", { name: "Expression of memo" })).toBeNull());
    };
    const again = async () => {
      await user.click(within(screen.getByRole("grid", { name: "Mapping of Invoice" })).getByText("memo"));
    };
    await write("`invoice-number`");
    await again();
    await write("status");
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(mapping.versions[0]).toMatchObject({ version: 3, restored_version: 1 }));
    await waitFor(async () => {
      await user.keyboard("{Control>}z{/Control}");
      expect(mapping.versions[0]).toMatchObject({ version: 4, action: "inherit" });
    });
    expect(screen.queryByRole("textbox", { name: "Expression of memo" })).toBeNull();
    await again();
    await write("currency.code");
    const latest = mapping.versions[0];
    mapping.versions.unshift(...(latest ? [{ ...latest, version: 6, actor: "colleague" }] : []));
    await waitFor(async () => {
      await user.keyboard("{Control>}z{/Control}");
      expect(screen.queryAllByText("Not undone: memo was changed since.").length).toBeGreaterThan(0);
    });
    expect(mapping.versions[0]?.version).toBe(6);
  });

  it("opens the field the address asks for, once each time it asks", async () => {
    const { user, history } = await open("mapping?field=memo");
    const place = "/accounts/northwind-coupa-test/mapping";
    const asks = (field: string) => act(() => history.push(`${place}?field=${field}`));
    await screen.findByRole("textbox", { name: "Expression of memo" });
    await waitFor(() => expect(history.location.href).toBe(place));
    asks("number");
    await screen.findByRole("textbox", { name: "Expression of number" });
    await user.click(screen.getByRole("button", { name: /^Close/ }));
    await waitFor(() => expect(screen.queryByRole("textbox", { name: "Expression of number" })).toBeNull());
    asks("number");
    await screen.findByRole("textbox", { name: "Expression of number" });
  });

  it("takes away what holds for every resource where that is in force, and lists its versions", async () => {
    const made = accountWindow({});
    for (const field of made.mapping.fields.filter((each) => each.field === "department")) {
      field.everywhere = true;
    }
    made.mapping.versions.push({
      version: 1, level: "account", scope: "northwind-coupa-test", model: "procurement/invoice", resource: null, field: "department",
      action: "set", expression: "dept", type: null, before: null, after: "dept", restored_version: null, note: "from the terminal",
      actor: "engineer", at: "2026-11-20T10:00:00Z",
    });
    await openWindow("/accounts/northwind-coupa-test/mapping?field=department", { overrides: made.commands, listen: made.listen });
    const user = userEvent.setup();
    await screen.findByText("for every resource of this model");
    await user.click(screen.getByRole("tab", { name: /^History/ }));
    const history = await screen.findByRole("list", { name: "History of department" });
    expect(history.textContent).toContain("from the terminal");
    expect(screen.getByRole("radio", { name: "for every resource of the model" }).getAttribute("aria-checked")).toBe("true");
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("radio", { name: "for invoices alone" }));
    await screen.findByText("Nothing was ever changed for invoices alone.");
    // Beside a divider of panes a click opens nothing here, where nothing has a place.
    screen.getByRole("button", { name: "More" }).focus();
    await user.keyboard("{Enter}");
    await screen.findByRole("menuitem", { name: /^Back to the / });
    await user.keyboard("{Enter}");
    await waitFor(() => expect(made.mapping.versions[0]).toMatchObject({ version: 2, resource: null, action: "inherit" }));
  });

  it("takes a discarded draft back", async () => {
    const { user } = await open("mapping?field=memo");
    const editor = await screen.findByRole("textbox", { name: "Expression of memo" });
    editor.textContent = "`internal-note`";
    await screen.findByText("draft");
    await user.click(screen.getByRole("button", { name: /^Discard/ }));
    await screen.findByText("The draft of memo is discarded");
    await user.click(await screen.findByRole("button", { name: /^Undo/ }));
    await user.click(await screen.findByText("memo"));
    const again = await screen.findByRole("textbox", { name: "Expression of memo" });
    expect(again.textContent).toBe("`internal-note`");
  });
});

describe("Tables", () => {
  it("puts unmapped keys on top and saves edits as one version", async () => {
    const saveTable = vi.fn<Backend["saveTable"]>(async (which) => ({
      version: 2, ...which, entries: 1, added: 1, changed: 0, removed: 0, restored_version: null, note: null, actor: "engineer",
      at: "2026-11-21T13:00:00Z", dry_run: false,
    }));
    const { user } = await open("tables", { saveTable });
    const grid = await screen.findByRole("group", { name: "Entries of cost_centers" });
    await within(grid).findByText("CC-4000");
    const first = within(grid).getAllByRole("textbox")[0];
    expect(first?.getAttribute("aria-label")).toBe("Value of CC-441");
    first?.focus();
    await user.keyboard("Fleet");
    await user.click(screen.getByRole("button", { name: "Take CC-4000 away" }));
    const impact = await screen.findByRole("status", { name: "Impact" });
    await waitFor(() => expect(impact.textContent).toContain("2 newly filled"));
    await user.click(screen.getByRole("button", { name: "Save 2 changes" }));
    await waitFor(() =>
      expect(saveTable).toHaveBeenCalledWith(
        { level: "account", scope: "northwind-coupa-test", name: "cost_centers" },
        [
          { key: "CC-441", value: "Fleet" },
          { key: "CC-4000", value: null },
        ],
        null,
      ),
    );
  });

  it("fills a table from stored records once it was shown", async () => {
    const { user } = await open("tables");
    await user.click(await screen.findByRole("button", { name: "From records" }));
    const dialog = await screen.findByRole("dialog", { name: "Fill cost_centers from records" });
    within(dialog).getByLabelText("Path of the key").focus();
    await user.paste("department.code");
    const show = within(dialog).getByRole("button", { name: "Show what would change" });
    await waitFor(() => expect(show.hasAttribute("disabled")).toBe(false));
    await user.click(show);
    await within(dialog).findByText("17 added");
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Write the entries" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("takes edits back one at a time", async () => {
    const { user } = await open("tables");
    await user.click(await screen.findByRole("button", { name: "Take CC-4000 away" }));
    expect(screen.getByText("removed")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Undo the last edit" }));
    expect(screen.queryByText("removed")).toBeNull();
  });

  it("shows which level says an entry, and what the level below would have given", async () => {
    const { user } = await open("tables");
    await user.click(await screen.findByRole("button", { name: "In force" }));
    const dialog = await screen.findByRole("dialog", { name: "cost_centers in force" });
    const entries = await within(dialog).findByRole("group", { name: "Entries of cost_centers in force" });
    await within(entries).findByText("Shared");
    expect(within(entries).getAllByText("account").length).toBeGreaterThan(1);
    await user.type(within(dialog).getByLabelText("Filter the entries in force"), "CC-4001");
    await waitFor(() => expect(within(dialog).getByRole("status").textContent).toBe("1 entry"));
    expect(await violations()).toEqual([]);
  });

  it("shows what a CSV file would change before it is written", async () => {
    const { user } = await open("tables");
    await user.click(await screen.findByRole("button", { name: "CSV" }));
    const dialog = await screen.findByRole("dialog", { name: "cost_centers as CSV" });
    within(dialog).getByRole("textbox", { name: "CSV" }).focus();
    await user.paste("key,value\nA,1\nB,2\n");
    await user.click(within(dialog).getByRole("button", { name: "Show what would change" }));
    await within(dialog).findByText("2 added");
    expect(await violations()).toEqual([]);
  });

  it("is small and has nothing for axe to find", async () => {
    await open("tables");
    await screen.findByText("CC-4000");
    expect(document.querySelectorAll("*").length).toBeLessThan(1500);
    expect(await violations()).toEqual([]);
  });
});
