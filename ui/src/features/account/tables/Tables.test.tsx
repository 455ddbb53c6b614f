import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { flushPlace } from "../../../app/place";
import { type Backend, BackendError } from "../../../backend";
import { openWindow, violations } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

async function open(overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  await openWindow("/accounts/northwind-coupa-test/tables", { overrides: made.commands, listen: made.listen });
  return userEvent.setup();
}

/** A shell that remembers the window's state from one opening to the next. */
function remembering(): Partial<Backend> {
  let memory: string | null = null;
  return {
    uiState: async () => memory,
    saveUiState: async (json) => {
      memory = json;
      return null;
    },
  };
}

const list = () => screen.findByRole("listbox", { name: "Tables" });

const focused = (label: string) => waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe(label));

// Beside a divider of panes a click does not focus here, where nothing has a place: fields are focused by hand.
async function addKey(user: ReturnType<typeof userEvent.setup>, key: string) {
  screen.getByRole("textbox", { name: "New key" }).focus();
  await user.keyboard(`${key}{Enter}`);
}

describe("Unsaved edits of a table", () => {
  it("stay while another table is open, mark their table, and are never written down", async () => {
    const shell = remembering();
    const user = await open(shell);
    await user.click(await screen.findByRole("button", { name: "Take CC-4000 away" }));
    const names = await list();
    expect(within(names).getByText("1 unsaved")).toBeTruthy();
    await user.click(within(names).getByText("terms"));
    await screen.findByRole("group", { name: "Entries of terms" });
    expect(screen.queryByRole("button", { name: /^Save \d/ })).toBeNull();
    expect(within(names).getByText("1 unsaved")).toBeTruthy();
    await user.click(within(names).getByText("cost_centers"));
    await screen.findByRole("button", { name: "Save 1 change" });
    expect(await violations()).toEqual([]);

    await flushPlace();
    expect((await shell.uiState?.()) ?? "").not.toContain("CC-4000");
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(within(await list()).queryByText("1 unsaved")).toBeNull();
  });

  it("bring back a table that was begun and not saved", async () => {
    const user = await open();
    await screen.findByText("CC-4000");
    await user.click(screen.getByRole("button", { name: "Add" }));
    const dialog = await screen.findByRole("dialog", { name: "Add a table" });
    within(dialog).getByRole("textbox", { name: "Name" }).focus();
    await user.keyboard("lanes{Enter}");
    await screen.findByRole("group", { name: "Entries of lanes" });
    await addKey(user, "L1");
    await focused("Value of L1");
    await user.keyboard("Lane one");
    await user.click(within(await list()).getByText("terms"));
    await screen.findByRole("group", { name: "Entries of terms" });
    await user.click(within(await list()).getByText("lanes"));
    const value = await screen.findByRole<HTMLInputElement>("textbox", { name: "Value of L1" });
    expect(value.value).toBe("Lane one");
  });

  it("are gone once they are saved", async () => {
    const user = await open();
    await user.click(await screen.findByRole("button", { name: "Take CC-4000 away" }));
    await user.click(screen.getByRole("button", { name: "Save 1 change" }));
    await waitFor(async () => expect(within(await list()).queryByText("1 unsaved")).toBeNull());
  });
});

describe("Add entry", () => {
  it("goes to the row of a key that is there and changes nothing", async () => {
    const tablePlace = vi.fn<Backend["tablePlace"]>(async (_which, key) => (key === "CC-4003" ? 3 : 3_999));
    const user = await open({ tablePlace });
    await screen.findByText("CC-4003");
    const filter = screen.getByRole<HTMLInputElement>("textbox", { name: "Filter entries" });
    filter.focus();
    await user.keyboard("CC-4010");
    await waitFor(() => expect(screen.queryByText("CC-4003")).toBeNull());
    await addKey(user, "CC-4003");
    await focused("Value of CC-4003");
    expect(filter.value).toBe("");
    // One of a page that was never loaded.
    await addKey(user, "CC-7999");
    await screen.findByText("CC-7999 is in cost_centers already");
    expect(tablePlace).toHaveBeenLastCalledWith({ level: "account", scope: "northwind-coupa-test", name: "cost_centers" }, "CC-7999");
    expect(screen.queryByRole("button", { name: /^Save \d/ })).toBeNull();
  });

  it("goes to a key that is met and not mapped without asking, and begins one that is new", async () => {
    const tablePlace = vi.fn<Backend["tablePlace"]>(async () => null);
    const user = await open({ tablePlace });
    await screen.findByText("CC-447");
    await addKey(user, "CC-447");
    await focused("Value of CC-447");
    expect(tablePlace).not.toHaveBeenCalled();
    expect(screen.queryByRole("button", { name: /^Save \d/ })).toBeNull();
    await addKey(user, "CC-9");
    await focused("Value of CC-9");
    await screen.findByRole("button", { name: "Save 1 change" });
    await addKey(user, "CC-9");
    await focused("Value of CC-9");
    expect(tablePlace).toHaveBeenCalledTimes(1);
  });
});

describe("Keys no table has", () => {
  it("are counted where they are masked, and not shown", async () => {
    await open();
    await screen.findByText(/2 keys met and not mapped, 1 masked key met and not shown/);
    expect(screen.queryByText("•••")).toBeNull();
    expect(within(await list()).getByText("3 unmapped")).toBeTruthy();
  });

  it("are said to be unknown when the walk over the records fails", async () => {
    const unmappedKeys = vi.fn<Backend["unmappedKeys"]>(async () => {
      throw new BackendError({ code: "worker_missing", message: "The mapping worker could not be started.", hint: "Install Crosswalk again." });
    });
    const user = await open({ unmappedKeys });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The mapping worker could not be started.");
    expect(screen.getByText("Which keys no table has is not known.")).toBeTruthy();
    await screen.findByText("CC-4000");
    expect(await violations()).toEqual([]);
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(unmappedKeys).toHaveBeenCalledTimes(2));
  });
});

describe("From records", () => {
  it("says how many keys have no one value beside them", async () => {
    const user = await open();
    await user.click(await screen.findByRole("button", { name: "From records" }));
    const dialog = await screen.findByRole("dialog", { name: "Fill cost_centers from records" });
    within(dialog).getByLabelText("Path of the key").focus();
    await user.paste("lines[].code");
    const show = within(dialog).getByRole("button", { name: "Show what would change" });
    await waitFor(() => expect(show.hasAttribute("disabled")).toBe(false));
    await user.click(show);
    await within(dialog).findByText("3 keys without one value left out");
  });
});
