import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { BackendError, type Hit } from "../backend";
import { register } from "../keyboard/commands";
import { openWindow, violations } from "../testing/window";
import { emptyWorld, largeWorld } from "../testing/world";
import { openPalette } from "./palette";
import { remember } from "./place";

vi.mock("../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

beforeEach(() => {
  openPalette(null);
});

test.each(["/", "/tenants", "/connectors", "/connect", "/runs", "/alerts", "/settings", "/nowhere"])(
  "axe finds nothing at %s, full or empty",
  async (place) => {
    const full = await openWindow(place);
    await screen.findByRole("heading", { level: 1 });
    await waitFor(() => {
      expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
    });
    expect(await violations()).toEqual([]);
    full.unmount();
    await openWindow(place, { world: emptyWorld(Date.now()), overrides: { runs: () => Promise.resolve([]) } });
    await screen.findByRole("heading", { level: 1 });
    await waitFor(() => {
      expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
    });
    expect(await violations()).toEqual([]);
  },
);

test.each(["/", "/tenants", "/runs", "/alerts"])("%s holds few nodes with 500 accounts", async (place) => {
  await openWindow(place, { world: largeWorld(Date.now(), 500) });
  await screen.findByRole("heading", { level: 1 });
  await waitFor(() => {
    expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
  });
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
});

test("the palette runs commands and finds tenants", async () => {
  const user = userEvent.setup();
  const { history } = await openWindow("/");
  await screen.findByRole("grid");
  await user.keyboard("{Control>}k{/Control}");
  const input = await screen.findByPlaceholderText("Search or run a command…");
  await user.type(input, "settings{Enter}");
  await waitFor(() => {
    expect(history.location.pathname).toBe("/settings");
  });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByPlaceholderText("Search or run a command…"), "quill");
  await screen.findByText("Quill & Sons");
  expect(await violations()).toEqual([]);
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(history.location.pathname).toBe("/tenants/quill-sons");
  });
});

test("Enter right after typing opens what answers the whole text, never what answered its beginning", async () => {
  const user = userEvent.setup();
  const answers = new Map<string, (hits: Hit[]) => void>();
  const search = (text: string) =>
    new Promise<Hit[]>((answer) => {
      answers.set(text, answer);
    });
  const hit = (tenant: string): Hit => ({
    kind: "tenant",
    label: `Tenant ${tenant}`,
    detail: "",
    account: null,
    tenant,
    resource: null,
    field: null,
    connector: null,
  });
  const { history } = await openWindow("/settings", { overrides: { search } });
  await screen.findByRole("heading", { level: 1 });
  await user.keyboard("{Control>}k{/Control}");
  const input = await screen.findByPlaceholderText("Search or run a command…");
  await user.type(input, "qui");
  act(() => answers.get("qui")?.([hit("quince")]));
  await screen.findByText("Tenant quince");
  await user.type(input, "ll{Enter}");
  expect(screen.queryByText("Tenant quince")).toBeNull();
  expect(history.location.pathname).toBe("/settings");
  act(() => answers.get("quill")?.([hit("quill-sons")]));
  await waitFor(() => {
    expect(history.location.pathname).toBe("/tenants/quill-sons");
  });
  expect(screen.queryByPlaceholderText("Search or run a command…")).toBeNull();
});

test("Enter after a name opens what has it, and does nothing to it", async () => {
  const user = userEvent.setup();
  const run = vi.fn();
  const stop = register({ id: "test", label: "Test the connection of acme-prod", group: "This screen", run });
  const answers: ((hits: Hit[]) => void)[] = [];
  const search = () => new Promise<Hit[]>((answer) => answers.push(answer));
  const found: Hit = {
    kind: "account", label: "acme-prod", detail: "", account: "halden-prod", tenant: "halden", resource: null, field: null, connector: null,
  };
  const { history } = await openWindow("/settings", { overrides: { search } });
  await screen.findByRole("heading", { level: 1 });
  const type = async (text: string) => {
    await user.keyboard("{Control>}k{/Control}");
    await user.click(await screen.findByPlaceholderText("Search or run a command…"));
    await user.paste(text);
  };
  // Before the search has answered.
  await type("acme-prod");
  await user.keyboard("{Enter}");
  expect(screen.queryByPlaceholderText("Search or run a command…")).not.toBeNull();
  act(() => answers[0]?.([found]));
  await waitFor(() => expect(history.location.pathname).toContain("/accounts/halden-prod"));
  // After it: what is found stands first.
  await type("prod acme");
  act(() => answers[1]?.([found]));
  await screen.findByRole("option", { name: "Test the connection of acme-prod This screen" });
  const names = screen.getAllByRole("option").map((option) => option.textContent);
  expect(names).toEqual(["acme-prod", "Test the connection of acme-prodThis screen"]);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByPlaceholderText("Search or run a command…")).toBeNull());
  expect(run).not.toHaveBeenCalled();
  // What begins with the text is meant, and needs no search.
  await type("test the connection of acme");
  await user.keyboard("{Enter}");
  expect(run).toHaveBeenCalledTimes(1);
  // Where nothing has the name the command is all there is.
  await type("connection acme-prod");
  await user.keyboard("{Enter}");
  act(() => answers.at(-1)?.([]));
  await waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  stop();
});

test("a search that fails says so and can be tried again", async () => {
  const user = userEvent.setup();
  const fault = { code: "workspace_busy", message: "Another process writes.", hint: "Wait for it, then try again." };
  const search = vi.fn().mockRejectedValueOnce(new BackendError(fault)).mockResolvedValue([]);
  await openWindow("/settings", { overrides: { search } });
  await screen.findByRole("heading", { level: 1 });
  await user.keyboard("{Control>}k{/Control}");
  await user.click(await screen.findByPlaceholderText("Search or run a command…"));
  await user.paste("xylophone");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Another process writes.");
  expect(screen.queryByText(/Nothing has that name/)).toBeNull();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByText(/Nothing has that name/);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("with nothing to undo the window says so", async () => {
  const user = userEvent.setup();
  await openWindow("/");
  await screen.findByRole("grid");
  await user.keyboard("{Control>}z{/Control}");
  expect((await screen.findAllByText("There is nothing to undo")).length).toBeGreaterThan(0);
});

test("Ctrl-P jumps to an account, Esc closes", async () => {
  const user = userEvent.setup();
  const { history } = await openWindow("/settings");
  await screen.findByRole("heading", { level: 1 });
  await user.keyboard("{Control>}p{/Control}");
  await user.type(await screen.findByPlaceholderText("Jump to an account…"), "halden{Enter}");
  await waitFor(() => {
    expect(history.location.pathname).toContain("/accounts/halden-prod");
  });
  await user.keyboard("{Control>}p{/Control}");
  await screen.findByPlaceholderText("Jump to an account…");
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(screen.queryByPlaceholderText("Jump to an account…")).toBeNull();
  });
});

test("? lists the shortcuts, but not while typing", async () => {
  const user = userEvent.setup();
  await openWindow("/");
  await user.type(await screen.findByLabelText("Filter accounts"), "?");
  expect(screen.queryByRole("dialog")).toBeNull();
  (await screen.findByRole("grid")).focus();
  await user.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Shortcuts" });
  expect(dialog.textContent).toContain("Jump to an account");
  expect(dialog.textContent).toContain("Ctrl P");
});

test("during a customer call no other tenant is in the window", async () => {
  const user = userEvent.setup();
  const { history } = await openWindow("/");
  await screen.findByText("9 accounts of 8 tenants");
  await user.keyboard("{Control>}{Shift>}L{/Shift}{/Control}");
  await user.type(await screen.findByLabelText("Tenant"), "northwind{Enter}");
  await screen.findByText("only", { exact: false, selector: "[role=status] span" });
  expect(history.location.pathname).toBe("/tenants/northwind-traders");
  // The screen before gave way: the way back does not lead to it.
  expect(history.length).toBe(1);
  await waitFor(() => {
    expect(document.body.textContent).not.toMatch(/Aster|Kestrel|Halden|Quill|Pallas|Ostara/);
  });
  await user.click(screen.getByRole("link", { name: /Alerts/ }));
  await screen.findByRole("grid", { name: "Alerts" });
  expect(document.body.textContent).not.toContain("Aster");
  history.push("/tenants/aster-health");
  await screen.findByText(/There is no such tenant/);
  expect(document.body.textContent).not.toMatch(/aster/i);
  // A way back to what was open before.
  history.push("/accounts/aster-coupa");
  await screen.findByText("There is nothing at this place");
  expect(document.body.textContent).not.toMatch(/aster/i);
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByPlaceholderText("Search or run a command…"), "aster");
  await screen.findByText(/Nothing has that name/);
  await user.keyboard("{Escape}");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Leave" }));
  await waitFor(() => {
    expect(document.body.textContent).toContain("Aster");
  });
});

test("an account that is asked for during a call is not named before it is known whose it is", async () => {
  let answer: (fault: Error) => void = () => undefined;
  const account = () =>
    new Promise<never>((_, refuse) => {
      answer = refuse;
    });
  await openWindow("/accounts/aster-coupa", {
    overrides: { callMode: () => Promise.resolve("northwind-traders"), account },
  });
  await screen.findByRole("heading", { level: 1, name: "Account" });
  expect(`${document.title} ${document.body.textContent}`).not.toMatch(/aster/i);
  act(() => answer(new BackendError({ code: "not_found", message: "There is no such account.", hint: null })));
  await screen.findByText("There is nothing at this place");
  expect(`${document.title} ${document.body.textContent}`).not.toMatch(/aster/i);
});

test("what is typed is saved before a call begins and before it ends", async () => {
  const user = userEvent.setup();
  const order: string[] = [];
  const { history } = await openWindow("/", {
    overrides: {
      saveUiState: (json) => {
        order.push(`saved ${String((JSON.parse(json) as { draft?: string }).draft)}`);
        return Promise.resolve(null);
      },
      enterCall: () => {
        order.push("entered");
        return Promise.resolve(null);
      },
      leaveCall: () => {
        order.push("left");
        return Promise.resolve(null);
      },
      callMode: () => Promise.resolve(order.includes("entered") && !order.includes("left") ? "northwind-traders" : null),
    },
  });
  await screen.findByRole("grid");
  await user.keyboard("{Control>}{Shift>}L{/Shift}{/Control}");
  const field = await screen.findByLabelText("Tenant");
  await user.type(field, "northwind");
  remember("draft", "before");
  await user.keyboard("{Enter}");
  const leave = await screen.findByRole("button", { name: "Leave" });
  expect(history.location.pathname).toBe("/tenants/northwind-traders");
  remember("draft", "during");
  await user.click(leave);
  await waitFor(() => {
    expect(order).toContain("left");
  });
  const at = (what: string) => order.indexOf(what);
  expect(at("saved before")).toBeGreaterThanOrEqual(0);
  expect(at("saved before")).toBeLessThan(at("entered"));
  expect(at("saved during")).toBeGreaterThan(at("entered"));
  expect(at("saved during")).toBeLessThan(at("left"));
});

test("an empty workspace starts the sandbox and then guides", async () => {
  const user = userEvent.setup();
  await openWindow("/", { world: emptyWorld(Date.now()) });
  await user.click(await screen.findByRole("button", { name: "Start the sandbox" }));
  const guide = await screen.findByRole("region", { name: "Get to know it with the sandbox" });
  const mend = within(guide).getByRole("link", { name: "Find out what is wrong with Northwind Traders" });
  expect(mend.getAttribute("href")).toBe("#/accounts/northwind-coupa-test/credentials?section=scopes");
  expect(await violations()).toEqual([]);
  await user.click(within(guide).getByRole("button", { name: "Close the guide" }));
  expect(screen.queryByRole("region", { name: "Get to know it with the sandbox" })).toBeNull();
});

test("where the window is, it tells the workspace", async () => {
  const user = userEvent.setup();
  let saved = "";
  const saveUiState = vi.fn((json: string) => {
    saved = json;
    return Promise.resolve(null);
  });
  await openWindow("/", { overrides: { saveUiState } });
  await screen.findByRole("grid");
  await user.click(screen.getByRole("link", { name: /Tenants/ }));
  await waitFor(() => {
    expect(JSON.parse(saved)).toMatchObject({ place: "/tenants" });
  });
});

test("the shell leads to a place of the window", async () => {
  let lead: ((news: { to: string }) => void) | undefined;
  const { history } = await openWindow("/", {
    listen: (name, handler) => {
      if (name === "navigate") {
        lead = handler as typeof lead;
      }
      return () => undefined;
    },
  });
  await screen.findByRole("grid");
  lead?.({ to: "/alerts" });
  await screen.findByRole("grid", { name: "Alerts" });
  expect(history.location.pathname).toBe("/alerts");
});

test("a link that started the program is followed once the window listens", async () => {
  const firstPlace = vi.fn().mockResolvedValue("/alerts");
  const { history } = await openWindow("/", { overrides: { firstPlace } });
  await screen.findByRole("grid", { name: "Alerts" });
  expect(history.location.pathname).toBe("/alerts");
  expect(firstPlace).toHaveBeenCalledTimes(1);
});

test("that nobody shows notifications is told once, also where it was found out before the window listened", async () => {
  const why = "Nobody shows notifications here: no bus.";
  const told: ((event: { message: string }) => void)[] = [];
  await openWindow("/", {
    overrides: { notificationsUnavailable: vi.fn().mockResolvedValue(why) },
    listen: (name, handler) => {
      if (name === "notifications-unavailable") {
        told.push(handler as (typeof told)[number]);
      }
      return () => undefined;
    },
  });
  expect(await screen.findAllByText(why)).toHaveLength(1);
  act(() => {
    told[0]?.({ message: why });
  });
  expect(screen.getAllByText(why)).toHaveLength(1);
});

test("closing asks once where the shell wants to know", async () => {
  const user = userEvent.setup();
  const asked: ((event: { tray: boolean }) => void)[] = [];
  const setCloseChoice = vi.fn().mockResolvedValue(null);
  const hideWindow = vi.fn().mockResolvedValue(null);
  await openWindow("/", {
    overrides: { setCloseChoice, hideWindow },
    listen: (name, handler) => {
      if (name === "close-asked") {
        asked.push(handler as (event: { tray: boolean }) => void);
      }
      return () => undefined;
    },
  });
  await screen.findByRole("grid");
  act(() => asked.at(-1)?.({ tray: true }));
  await user.click(await screen.findByRole("button", { name: "Keep running in the tray" }));
  await waitFor(() => {
    expect(hideWindow).toHaveBeenCalled();
  });
  expect(setCloseChoice).toHaveBeenCalledWith("tray");
});

test("without a tray closing says so, and remembers nothing", async () => {
  const user = userEvent.setup();
  const setCloseChoice = vi.fn().mockResolvedValue(null);
  const hideWindow = vi.fn().mockResolvedValue(null);
  let ask: (event: { tray: boolean }) => void = () => undefined;
  await openWindow("/", {
    overrides: { setCloseChoice, hideWindow },
    listen: (name, handler) => {
      if (name === "close-asked") {
        ask = handler as typeof ask;
      }
      return () => undefined;
    },
  });
  await screen.findByRole("grid");
  act(() => ask({ tray: false }));
  await screen.findByText(/This desktop shows no tray/);
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Keep running without a window" }));
  await waitFor(() => {
    expect(hideWindow).toHaveBeenCalled();
  });
  expect(setCloseChoice).not.toHaveBeenCalled();
});

test("what changed in the workspace shows without being asked for", async () => {
  const tell = new Map<string, (event: never) => void>();
  const { world } = await openWindow("/", {
    listen: (name, handler) => {
      tell.set(name, handler as (event: never) => void);
      return () => undefined;
    },
  });
  await screen.findByRole("grid");
  expect(screen.queryByText("Renamed Foods")).toBeNull();
  world.rows = world.rows.map((row, index) => (index === 0 ? { ...row, tenant_name: "Renamed Foods" } : row));
  act(() => tell.get("health-changed")?.({ accounts: [world.rows[0]?.id] } as never));
  await screen.findByText("Renamed Foods");
});
