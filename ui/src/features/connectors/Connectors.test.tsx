import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { type Backend, BackendError, type ConnectorCard } from "../../backend";
import { CARDS } from "../../testing/catalogue";
import { openWindow, violations } from "../../testing/window";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

const cards = () => screen.getAllByRole("article").map((card) => within(card).getByRole("heading").textContent);

test("connectors stand under their category with what they sync and how they connect", async () => {
  await openWindow("/connectors");
  const procurement = await screen.findByRole("region", { name: "procurement" });
  const text = within(procurement).getByRole("article").textContent;
  expect(text).toContain("6 accounts");
  expect(text).toContain("Invoices, Purchase orders");
  expect(text).toContain("25 requests a second");
  expect(screen.getByRole("region", { name: "recruiting" }).textContent).toContain("from the workspace");
  expect(await violations()).toEqual([]);
});

test("the search finds by name, model and what is synced, and says what to do when nothing is found", async () => {
  const user = userEvent.setup();
  await openWindow("/connectors");
  const search = await screen.findByLabelText("Find a connector");
  for (const [text, found] of [
    ["green", ["Greenhouse"]],
    ["candidate", ["Greenhouse"]],
    ["purchase orders", ["Coupa"]],
    ["procurement", ["Coupa"]],
  ] as const) {
    await user.clear(search);
    await user.type(search, text);
    expect(cards()).toEqual(found);
  }
  await user.clear(search);
  await user.type(search, "nothing like it");
  expect(screen.queryByRole("article")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show all connectors" }));
  expect(cards()).toEqual(["Coupa", "Greenhouse"]);
});

test("a link to one connector looks for it until something else is typed", async () => {
  const user = userEvent.setup();
  await openWindow("/connectors?open=greenhouse");
  const search = await screen.findByLabelText<HTMLInputElement>("Find a connector");
  expect([search.value, ...cards()]).toEqual(["greenhouse", "Greenhouse"]);
  await user.clear(search);
  expect(cards()).toEqual(["Coupa", "Greenhouse"]);
});

test("one from the workspace's folder is approved after a question, and can then be connected", async () => {
  const user = userEvent.setup();
  let listed: ConnectorCard[] = CARDS;
  const approveConnector = vi.fn<Backend["approveConnector"]>(async (name) => {
    listed = listed.map((card) => (card.name === name ? { ...card, approved: true, accounts: 0 } : card));
    return null;
  });
  const { history } = await openWindow("/connectors", { overrides: { approveConnector, listConnectors: async () => listed } });
  expect(await screen.findByText("to be approved")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Connect Greenhouse" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Approve Greenhouse" }));
  const dialog = await screen.findByRole("dialog", { name: "Approve Greenhouse?" });
  expect(dialog.textContent).toContain("send their secrets to the hosts it names");
  expect(approveConnector).not.toHaveBeenCalled();
  await user.click(within(dialog).getByRole("button", { name: "Approve" }));
  await screen.findByText("Greenhouse is approved");
  expect(approveConnector).toHaveBeenCalledWith("greenhouse");
  expect(await screen.findByText("not used yet")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Connect Greenhouse" }));
  expect(history.location.href).toBe("/connect?connector=greenhouse");
});

test("what keeps a connector from being approved is told, and the question stays", async () => {
  const user = userEvent.setup();
  const busy = new BackendError({ code: "workspace_busy", message: "The workspace is busy.", hint: "Try again." });
  await openWindow("/connectors", { overrides: { approveConnector: vi.fn().mockRejectedValue(busy) } });
  await user.click(await screen.findByRole("button", { name: "Approve Greenhouse" }));
  const dialog = await screen.findByRole("dialog", { name: "Approve Greenhouse?" });
  await user.click(within(dialog).getByRole("button", { name: "Approve" }));
  await screen.findAllByText("The workspace is busy.");
  expect(screen.getByRole("dialog", { name: "Approve Greenhouse?" })).toBeTruthy();
});

test("documentation opens outside the window, where there is any", async () => {
  const user = userEvent.setup();
  const openExternal = vi.fn<Backend["openExternal"]>().mockResolvedValue(null);
  await openWindow("/connectors", { overrides: { openExternal } });
  await user.click(await screen.findByRole("button", { name: "Documentation of Coupa" }));
  await waitFor(() => expect(openExternal).toHaveBeenCalledWith("https://compass.coupa.com/"));
  expect(screen.queryByRole("button", { name: "Documentation of Greenhouse" })).toBeNull();
});

test("a large catalogue shows the first and the rest when asked", async () => {
  const user = userEvent.setup();
  const many = Array.from({ length: 30 }, (_, index) => ({ ...CARDS[0]!, name: `c${String(index)}`, label: `Connector ${String(index)}` }));
  await openWindow("/connectors", { overrides: { listConnectors: async () => many } });
  await screen.findByText("Connector 0");
  expect(cards()).toHaveLength(24);
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
  await user.click(screen.getByRole("button", { name: "Show 6 more" }));
  expect(cards()).toHaveLength(30);
});
