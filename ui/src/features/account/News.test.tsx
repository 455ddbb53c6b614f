import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import type { Backend } from "../../backend";
import { openWindow } from "../../testing/window";
import { accountWindow } from "./testing/accountWindow";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

async function open(tab: string, overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  await openWindow(`/accounts/northwind-coupa-test/${tab}`, { overrides: made.commands, listen: made.listen });
  return made;
}

beforeEach(() => {
  localStorage.clear();
});

test("an override that another program wrote shows, and the draft in the editor stays", async () => {
  const { mapping, emit } = await open("mapping?field=memo");
  const editor = await screen.findByRole("textbox", { name: "Expression of memo" });
  editor.textContent = "my_draft";
  await screen.findByText("draft");
  const table = screen.getByRole("grid", { name: "Mapping of Invoice" });
  const row = () => within(table).getByText("memo").closest('[role="row"]')?.textContent;
  expect(row()).not.toContain("their_override");
  mapping.fields = mapping.fields.map((field) => (field.field === "memo" ? { ...field, account: "their_override" } : field));
  act(() => emit("mappings-changed", {}));
  await waitFor(() => expect(row()).toContain("their_override"));
  expect(screen.getByRole("textbox", { name: "Expression of memo" }).textContent).toBe("my_draft");
});

test("an editor without a draft shows what another program wrote", async () => {
  const { mapping, emit } = await open("mapping?field=memo");
  await screen.findByRole("textbox", { name: "Expression of memo" });
  mapping.fields = mapping.fields.map((field) => (field.field === "memo" ? { ...field, account: "their_override" } : field));
  act(() => emit("mappings-changed", {}));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Expression of memo" }).textContent).toBe("their_override"));
  expect(screen.queryByText("draft")).toBeNull();
});

test("entries that another program wrote show, and unsaved edits stay", async () => {
  let value = "Fleet";
  const { emit } = await open("tables", {
    tableRows: async () => ({
      total: 2,
      matching: 2,
      version: 1,
      rows: [
        { key: "CC-1", value },
        { key: "CC-2", value: "Yards" },
      ],
    }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Take CC-2 away" }));
  await screen.findByDisplayValue("Fleet");
  value = "Ferries";
  act(() => emit("mappings-changed", {}));
  await screen.findByDisplayValue("Ferries");
  expect(screen.getByRole("button", { name: "Save 1 change" })).toBeTruthy();
});
