import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

const HEAD = { seq: 48_300, hash: "5ab0c2d4e6f8" };

async function open(tab: string) {
  const exported = (text: string) => vi.fn(async () => ({ text, head: HEAD }));
  const commands = {
    exportBundle: exported("format: 1\nconnector: coupa\n"),
    exportJsonata: exported('{ "id": id }'),
    exportTable: exported("key,value\nCC-4000,Fleet\n"),
  };
  const made = accountWindow(commands);
  await openWindow(`/accounts/northwind-coupa-test/${tab}`, { overrides: made.commands, listen: made.listen });
  return { commands, user: userEvent.setup() };
}

describe("What is handed out", () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it.each([
    ["Export this account's overrides…", "Overrides as YAML", "format: 1\nconnector: coupa\n"],
    ["Export as one JSONata document…", "Effective mapping as JSONata", '{ "id": id }'],
  ])("%s has the audit's head beside it and not in it", async (item, title, text) => {
    const { user } = await open("mapping");
    await screen.findByRole("grid", { name: "Mapping of Invoice" });
    await user.click(screen.getByRole("button", { name: "Move" }));
    await user.click(await screen.findByRole("menuitem", { name: item }));
    const dialog = await screen.findByRole("dialog", { name: title });
    const shown = await within(dialog).findByRole<HTMLTextAreaElement>("textbox", { name: title });
    expect(shown.value).toBe(text);
    expect(dialog.textContent).toContain(`Audit head: row ${String(HEAD.seq)} ${HEAD.hash}`);
    await user.click(within(dialog).getByRole("button", { name: "Copy the head" }));
    expect(await navigator.clipboard.readText()).toBe(`Audit head: row ${String(HEAD.seq)} ${HEAD.hash}`);
    await user.click(within(dialog).getByRole("button", { name: "Copy all of it" }));
    expect(await navigator.clipboard.readText()).toBe(text);
    expect(await violations()).toEqual([]);
  });

  it("a table that is copied says the head", async () => {
    const { user, commands } = await open("tables");
    await user.click(await screen.findByRole("button", { name: "CSV" }));
    const dialog = await screen.findByRole("dialog", { name: "cost_centers as CSV" });
    expect(dialog.textContent).not.toContain("Audit head");
    await user.click(within(dialog).getByRole("button", { name: "Copy the table as CSV" }));
    await within(dialog).findByText(HEAD.hash);
    expect(commands.exportTable).toHaveBeenCalledTimes(1);
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe("key,value\nCC-4000,Fleet\n"));
    expect(await violations()).toEqual([]);
  });
});
