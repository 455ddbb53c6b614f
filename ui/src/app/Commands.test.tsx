import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { type Backend, BackendError } from "../backend";
import { accountWindow } from "../features/account/testing/accountWindow";
import { currentCommands } from "../keyboard/commands";
import { openWindow } from "../testing/window";
import { emptyWorld } from "../testing/world";
import { openPalette } from "./palette";

const ACCOUNT = "northwind-coupa-test";

/** What holds buttons of single rows, of lists of choices, of dialogs and of the ways through the window. */
const APART = [
  '[role="dialog"]', '[role="alertdialog"]', '[role="row"]', '[role="columnheader"]', '[role="tree"]', '[role="listbox"]',
  '[role="tablist"]', "nav", "[hidden]", '[role="group"][aria-label^="Window "]', '[role="group"][aria-label^="Entries of "]',
].join(",");

/** What is chosen rather than done: lists, tabs, toggles, and what opens a menu, whose lines are the commands. */
const CHOSEN = '[role]:not([role="button"]),[aria-haspopup],[aria-pressed],[aria-disabled="true"],:disabled';

/** Buttons that are no commands of their own, and why. */
const WITHOUT: [RegExp, string][] = [
  [/^Search or run a command/, "opens the palette itself"],
  [/^(Show|Hide)$/, "shows what is being typed in a secret's field"],
  [/^\d+$/, "opens one record of a list of ids"],
  [/^and \d+ more /, "unfolds a list of names in a card"],
  [/^Records changed: /, "the same as a line of the menu Move"],
  [/unread/, "the same as the command Next unread raw field"],
  [/^(Next failing|Copy value|Copy masked value|History|Edit mapping)/, "commands of the chosen field, with keys: useCompareKeys"],
];

beforeEach(() => {
  openPalette(null);
  localStorage.clear();
});

async function settled() {
  await screen.findByRole("heading", { level: 1 });
  await waitFor(() => {
    expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
  });
}

/** The buttons of the screen that the palette does not have. */
function missing(): string[] {
  const offered = new Set(currentCommands().map((command) => command.button?.current));
  return [...document.querySelectorAll("button")]
    .filter((button) => !button.closest(APART) && !button.matches(CHOSEN) && !offered.has(button))
    .map((button) => button.getAttribute("aria-label") ?? String(button.textContent).trim())
    .filter((name) => !WITHOUT.some(([pattern]) => pattern.test(name)));
}

function labels(): string[] {
  return currentCommands().map((command) => command.label);
}

async function openTab(tab: string, overrides: Partial<Backend> = {}) {
  const made = accountWindow(overrides);
  const opened = await openWindow(`/accounts/${ACCOUNT}/${tab}`, { overrides: made.commands, listen: made.listen });
  await settled();
  return opened;
}

describe("every button of a screen is a command of the palette", () => {
  test.each(["/", "/tenants", "/tenants/northwind-traders", "/connectors", "/connect", "/runs", "/alerts", "/settings", "/nowhere"])(
    "at %s, full or empty",
    async (place) => {
      const full = await openWindow(place);
      await settled();
      await waitFor(() => {
        expect(missing()).toEqual([]);
      });
      full.unmount();
      await openWindow(place, { world: emptyWorld(Date.now()), overrides: { runs: () => Promise.resolve([]) } });
      await settled();
      await waitFor(() => {
        expect(missing()).toEqual([]);
      });
    },
  );

  test.each([
    "explore", "explore?resource=suppliers", "compare", "compare?field=department", "mapping", "mapping?field=sub_total",
    "tables", "sync", "sync?run=run-1", "calls", "calls?call=1", "credentials",
  ])("in the tab %s of an account", async (tab) => {
    await openTab(tab);
    await waitFor(() => {
      expect(missing()).toEqual([]);
    });
  });

  test("and a button without a command is found", async () => {
    await openWindow("/");
    await settled();
    const stray = document.createElement("button");
    stray.textContent = "Stray";
    document.querySelector("main")?.append(stray);
    expect(missing()).toEqual(["Stray"]);
  });
});

test("commands name what they are done to, also those of a closed menu", async () => {
  const tenant = await openWindow("/tenants/northwind-traders");
  await screen.findByRole("button", { name: "Connect account" });
  expect(labels()).toEqual(
    expect.arrayContaining([
      "Report to print of Northwind Traders",
      "Security report of Northwind Traders",
      "Remove Northwind Traders",
      "Connect an account of Northwind Traders",
    ]),
  );
  tenant.unmount();
  await openTab("credentials");
  await screen.findByRole("heading", { name: "Clocks" });
  expect(labels()).toEqual(
    expect.arrayContaining([
      `Test the connection of ${ACCOUNT}`,
      `Copy the request for the administrator of ${ACCOUNT}`,
      `Remove account: ${ACCOUNT}`,
    ]),
  );
  // Its button cannot be pressed before there is a secret.
  expect(labels().filter((label) => label.startsWith("Rotate the secret"))).toEqual([]);
});

test("the palette does what the button does", async () => {
  const user = userEvent.setup();
  const createBackup = vi.fn<Backend["createBackup"]>(() => new Promise(() => undefined));
  await openWindow("/settings", { overrides: { createBackup } });
  await screen.findByRole("button", { name: "Back up now" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByPlaceholderText("Search or run a command…"), "back up{Enter}");
  expect(createBackup).toHaveBeenCalledTimes(1);
  // As long as it goes on the button does nothing, and there is no command.
  await waitFor(() => {
    expect(labels()).not.toContain("Back up now");
  });
});

test("trying again says what failed", async () => {
  const busy = new BackendError({ code: "workspace_busy", message: "The workspace is busy.", hint: "Wait for it." });
  await openWindow("/runs", { overrides: { runs: () => Promise.reject(busy) } });
  await screen.findByRole("button", { name: "Try again" });
  expect(labels()).toContain("Try again: The workspace is busy.");
  expect(labels()).not.toContain("Try again");
});

describe("Ctrl-Enter", () => {
  const press = "{Control>}{Enter}{/Control}";

  test("connects an account on the overview, as the list of shortcuts says", async () => {
    const user = userEvent.setup();
    const { history } = await openWindow("/");
    (await screen.findByRole("grid")).focus();
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Shortcuts" });
    expect(within(dialog).getByText("Connect account").nextSibling?.textContent).toContain("Ctrl");
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(screen.queryByRole("dialog")).toBeNull();
    });
    await user.keyboard(press);
    await waitFor(() => {
      expect(history.location.pathname).toBe("/connect");
    });
  });

  test("adds the tenant of the dialog", async () => {
    const user = userEvent.setup();
    const addTenant = vi.fn<Backend["addTenant"]>(() => new Promise(() => undefined));
    await openWindow("/tenants?add=1", { overrides: { addTenant } });
    await user.type(await screen.findByLabelText("Name"), "Umbra Labs");
    await user.keyboard(press);
    await waitFor(() => {
      expect(addTenant).toHaveBeenCalledWith("umbra-labs", "Umbra Labs", null);
    });
  });

  test("asks the provider", async () => {
    const user = userEvent.setup();
    const queryProvider = vi.fn(async () => ({ records: 1, ids: ["41003"] }));
    await openTab("explore", { queryProvider });
    await user.click(await screen.findByRole("button", { name: "Ask the provider" }));
    screen.getByRole("textbox", { name: "Value" }).focus();
    await user.keyboard("approved");
    await user.keyboard(press);
    await screen.findByText(/1 record stored/);
  });

  test("rotates the secret, and in another form does not", async () => {
    const user = userEvent.setup();
    const rotateSecret = vi.fn<Backend["rotateSecret"]>(async () => ({}) as never);
    await openTab("credentials", { rotateSecret });
    await user.type(await screen.findByLabelText("New secret"), "s3cret-canary");
    const other = await screen.findByRole("form", { name: "Retention" });
    within(other).getByRole("combobox").focus();
    await user.keyboard(press);
    expect(rotateSecret).not.toHaveBeenCalled();
    screen.getByLabelText("New secret").focus();
    await user.keyboard(press);
    await waitFor(() => {
      expect(rotateSecret).toHaveBeenCalledTimes(1);
    });
  });
});
