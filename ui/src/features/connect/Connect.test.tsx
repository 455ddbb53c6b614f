import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { type AccountView, type Backend, BackendError, type LiveStep, type NewAccountInput, type TestReport } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { fullWorld } from "../../testing/world";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

const PLACE = "/connect?connector=coupa&tenant=northwind-traders";

const REFUSED: TestReport = {
  status: "validation_error",
  steps: [{ name: "token", ok: false, ms: 300, message: "The client is not known." }],
  missing_scopes: [],
  error: { code: "auth_refused", message: "The client is not known.", hint: "Check the Identifier." },
};

/** Pasted at once, as people do. */
async function put(user: ReturnType<typeof userEvent.setup>, field: HTMLElement, text: string) {
  await user.click(field);
  await user.paste(text);
}

async function fill(user: ReturnType<typeof userEvent.setup>) {
  await put(user, await screen.findByLabelText("Instance URL"), "https://nw.coupahost.com");
  await put(user, screen.getByLabelText("Client ID"), "abc");
  await put(user, screen.getByLabelText("Client secret"), "s3cret");
}

test("filled in, it adds the account, shows each step and leads to the account", async () => {
  const user = userEvent.setup();
  const note = "core.invoices.read was taken as core.invoice.read.";
  const addAccount = vi.fn().mockResolvedValue({ notes: [note] });
  await openWindow(PLACE, { overrides: { addAccount } });
  await fill(user);
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("button", { name: "Open northwind-traders-coupa-test" })).toBeTruthy();
  expect(screen.getByText(note)).toBeTruthy();
  const sent = addAccount.mock.calls[0]?.[0] as NewAccountInput;
  expect(sent).toMatchObject({
    id: "northwind-traders-coupa-test",
    tenant: "northwind-traders",
    kind: "sandbox",
    client_id: "abc",
    secret: "s3cret",
    purpose: "read",
  });
  expect(sent.scopes?.split(" ")).toContain("core.invoice.read");
  const test = screen.getByRole("region", { name: "Connection test" });
  expect(within(test).getAllByRole("listitem")).toHaveLength(3);
  expect(test.textContent).toContain("5.0 s");
  expect(await violations()).toEqual([]);
});

test("an empty form says what is missing and sends nothing", async () => {
  const user = userEvent.setup();
  const addAccount = vi.fn();
  await openWindow("/connect?connector=coupa", { overrides: { addAccount } });
  await user.click(await screen.findByRole("button", { name: "Connect" }));
  expect(await screen.findByText("Instance URL is needed.")).toBeTruthy();
  expect(screen.getByText("Choose the tenant it belongs to.")).toBeTruthy();
  expect(screen.getByText("Client secret is needed.")).toBeTruthy();
  expect(addAccount).not.toHaveBeenCalled();
});

test("the message names the tenant that is chosen", async () => {
  await openWindow(PLACE);
  const message = await screen.findByLabelText("Message to the administrator");
  await waitFor(() => {
    expect(message.textContent).toContain("API access for Northwind Traders");
  });
});

test("least privilege follows what is ticked, and so does the message", async () => {
  const user = userEvent.setup();
  await openWindow(PLACE);
  const everything = await screen.findByRole("checkbox", { name: "Everything" });
  await user.click(everything);
  await user.click(screen.getByRole("checkbox", { name: "Suppliers" }));
  const message = await screen.findByLabelText("Message to the administrator");
  await waitFor(() => {
    expect(message.textContent).toContain("core.supplier.read");
    expect(message.textContent).not.toContain("core.invoice.read");
  });
});

const CONNECT = { name: "Connect" };

test("with nothing ticked there is nothing to ask for: no account is added and no message offered", async () => {
  const user = userEvent.setup();
  const addAccount = vi.fn<Backend["addAccount"]>().mockResolvedValue({} as AccountView);
  await openWindow(PLACE, { overrides: { addAccount } });
  await fill(user);
  await user.click(screen.getByRole("checkbox", { name: "Everything" }));
  expect(await screen.findByText("Nothing is asked for: tick what to sync.")).toBeTruthy();
  expect(screen.queryByLabelText("Message to the administrator")).toBeNull();
  await user.click(screen.getByRole("button", CONNECT));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe("Tick what to sync first: nothing is asked for.");
  // Within what is read politely it would be read twice.
  expect(alert.closest("[aria-live]")).toBeNull();
  expect(addAccount).not.toHaveBeenCalled();
  await user.click(screen.getByRole("checkbox", { name: "Suppliers" }));
  await user.click(screen.getByRole("button", CONNECT));
  await waitFor(() => {
    expect(addAccount.mock.calls[0]?.[0].scopes).toBe("core.supplier.read");
  });
});

test("without advice on the scopes nothing is sent until a retry brings it", async () => {
  const user = userEvent.setup();
  const addAccount = vi.fn<Backend["addAccount"]>().mockResolvedValue({} as AccountView);
  const failure = new BackendError({ code: "not_found", message: "There is no connector.", hint: "Put it back." });
  const advice = { scopes: ["core.invoice.read"], corrected: [], unknown: [], excess: [], missing: [] };
  const scopeAdvice = vi.fn<Backend["scopeAdvice"]>().mockRejectedValue(failure);
  await openWindow(PLACE, { overrides: { addAccount, scopeAdvice } });
  await fill(user);
  await user.click(screen.getByRole("button", CONNECT));
  await waitFor(() => {
    expect(scopeAdvice).toHaveBeenCalledTimes(2);
  });
  const alert = await screen.findByRole("alert");
  expect(addAccount).not.toHaveBeenCalled();
  scopeAdvice.mockResolvedValue(advice);
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Asked for:")).toBeTruthy();
  await user.click(screen.getByRole("button", CONNECT));
  await waitFor(() => {
    expect(addAccount.mock.calls[0]?.[0].scopes).toBe("core.invoice.read");
  });
});

test("ticked and connected at once, it asks for what is ticked now", async () => {
  const user = userEvent.setup();
  const addAccount = vi.fn<Backend["addAccount"]>().mockResolvedValue({} as AccountView);
  let answer: () => void = () => undefined;
  const scopeAdvice = vi.fn<Backend["scopeAdvice"]>((_connector, resources) => {
    const scopes = resources.map((each) => `scope.${each}`);
    const advice = { scopes, corrected: [], unknown: [], excess: [], missing: [] };
    return resources.includes("invoices")
      ? Promise.resolve(advice)
      : new Promise((resolve) => {
          answer = () => {
            resolve(advice);
          };
        });
  });
  await openWindow(PLACE, { overrides: { addAccount, scopeAdvice } });
  await fill(user);
  await user.click(screen.getByRole("checkbox", { name: "Invoices" }));
  await user.click(screen.getByRole("button", CONNECT));
  expect(addAccount).not.toHaveBeenCalled();
  answer();
  await waitFor(() => {
    expect(addAccount).toHaveBeenCalledTimes(1);
  });
  expect(addAccount.mock.calls[0]?.[0].scopes).toBe("scope.purchase_orders scope.suppliers scope.lookup_values");
});

test("where somebody signs in, the scope that makes it last is asked for and in the message", async () => {
  const uiState = JSON.stringify({ "draft:connect:coupa": { grant: "device_code", resources: ["suppliers"] } });
  await openWindow(PLACE, { overrides: { uiState: () => Promise.resolve(uiState) } });
  const asked = (await screen.findByText("Asked for:")).nextElementSibling;
  expect(asked?.textContent).toContain("offline_access");
  const message = await screen.findByLabelText("Message to the administrator");
  expect(message.textContent).toContain("offline_access");
});

test("connected but short of a scope, it says so and copies the account's own message", async () => {
  const user = userEvent.setup();
  const read = (name: string, ok: boolean) => ({ name, ok, ms: 1, message: "" });
  const report: TestReport = {
    status: "active",
    steps: [read("token", true), read("invoices", true), read("suppliers", false)],
    missing_scopes: ["core.supplier.read"],
  };
  const adminMessage = vi.fn<Backend["adminMessage"]>().mockResolvedValue("Please allow core.supplier.read.");
  await openWindow(PLACE, { overrides: { connect: () => Promise.resolve(report), adminMessage } });
  await fill(user);
  await user.click(screen.getByRole("button", CONNECT));
  const outcome = await screen.findByRole("region", { name: "Connected, but 1 of 2 reads was refused" });
  expect(outcome.textContent).toContain("Missing scopes: core.supplier.read");
  await user.click(within(outcome).getByRole("button", { name: "Copy the message" }));
  expect(adminMessage).toHaveBeenCalledWith("northwind-traders-coupa-test");
  expect(await within(outcome).findByRole("button", { name: "Copied" })).toBeTruthy();
  expect(await violations()).toEqual([]);
});

test("after a failure the message to the administrator is at hand", async () => {
  const user = userEvent.setup();
  await openWindow(PLACE, { overrides: { connect: () => Promise.resolve(REFUSED) } });
  await fill(user);
  await user.click(screen.getByRole("button", CONNECT));
  expect(await screen.findByRole("heading", { name: "Not connected yet" })).toBeTruthy();
  expect(await screen.findByLabelText("Message to the administrator")).toBeTruthy();
});

test("a pasted list is normalised, corrected and checked", async () => {
  const user = userEvent.setup();
  await openWindow(PLACE);
  await user.click(
    await screen.findByRole("button", { name: "Paste a list the customer sent" }),
  );
  await user.click(screen.getByRole("checkbox", { name: "Suppliers" }));
  await put(
    user,
    screen.getByLabelText("Scopes the customer sent"),
    "core.invoices.read, core.supplier.read; core.nonsense",
  );
  expect(await screen.findByText(/The name is singular/)).toBeTruthy();
  expect(screen.getByText(/is not a scope this connector knows/)).toBeTruthy();
  expect(screen.getByText(/is not needed for what is ticked/)).toBeTruthy();
  expect(screen.getAllByText(/is needed for what is ticked and was not sent/)).toHaveLength(2);
});

test("a failed step shows why, and the next try changes the account instead of adding another", async () => {
  const user = userEvent.setup();
  const addAccount = vi.fn().mockResolvedValue({});
  const updateAccount = vi.fn().mockResolvedValue({});
  const connect = vi.fn((_account: string, onStep: (step: LiveStep) => void) => {
    onStep({ name: "token", ok: true, ms: 0, message: "", state: "running" });
    return Promise.resolve(REFUSED);
  });
  await openWindow(PLACE, { overrides: { addAccount, updateAccount, connect } });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Connect" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Customer's side");
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await waitFor(() => {
    expect(connect).toHaveBeenCalledTimes(2);
  });
  expect(addAccount).toHaveBeenCalledTimes(1);
  expect(updateAccount).toHaveBeenCalledTimes(1);
});

test("after a success another account is connected, and the first one stays", async () => {
  const user = userEvent.setup();
  const removeAccount = vi.fn();
  const { world } = await openWindow(PLACE, { overrides: { removeAccount } });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Connect" }));
  const another = await screen.findByRole("button", { name: "Connect another" });
  expect(screen.queryByRole("button", { name: "Start over…" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  await user.click(another);
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Client ID").value).toBe("");
  });
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Account id").value).toBe("northwind-traders-coupa-test-2");
  });
  expect(screen.getByRole("button", { name: "Connect" })).toBeTruthy();
  expect(removeAccount).not.toHaveBeenCalled();
  expect(world.rows.some((row) => row.id === "northwind-traders-coupa-test")).toBe(true);
});

test("starting over asks for a production account's id, tells a failure, and keeps what was typed", async () => {
  const user = userEvent.setup();
  const locked = new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." });
  const removeAccount = vi.fn().mockRejectedValueOnce(locked).mockResolvedValue({});
  const connect = vi.fn().mockResolvedValue(REFUSED);
  await openWindow(`${PLACE}&kind=production`, { overrides: { removeAccount, connect } });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Connect" }));
  const account = "northwind-traders-coupa-prod";
  const startOver = async () => {
    await user.click(await screen.findByRole("button", { name: "Start over…" }));
    const dialog = await screen.findByRole("dialog", { name: `Remove ${account}?` });
    const sure = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Remove account" });
    expect(sure.disabled).toBe(true);
    await put(user, within(dialog).getByRole("textbox"), account);
    await user.click(sure);
  };
  await startOver();
  expect((await screen.findAllByText("The vault is locked.")).length).toBeGreaterThan(0);
  await startOver();
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Start over…" })).toBeNull();
  });
  expect(removeAccount.mock.calls).toEqual([
    [account, account],
    [account, account],
  ]);
  expect(screen.getByLabelText<HTMLInputElement>("Instance URL").value).toBe("https://nw.coupahost.com");
});

test("a code for another device is shown, and giving up ends the sign-in", async () => {
  const user = userEvent.setup();
  let refuse: (failure: Error) => void = () => undefined;
  const signInOnDevice = vi.fn<Backend["signInOnDevice"]>((_account, onCode) => {
    onCode({ user_code: "WDJB-MJHT", verification_uri: "https://login.example/device", seconds_left: 600 });
    return new Promise<TestReport>((_resolve, reject) => {
      refuse = reject;
    });
  });
  const cancelSignIn = vi.fn<Backend["cancelSignIn"]>(() => {
    refuse(new BackendError({ code: "interrupted", message: "The sign-in was stopped.", hint: "Begin it anew." }));
    return Promise.resolve(null);
  });
  const connect = vi.fn();
  const uiState = JSON.stringify({ "draft:connect:coupa": { grant: "device_code" } });
  await openWindow(PLACE, {
    overrides: { signInOnDevice, cancelSignIn, connect, uiState: () => Promise.resolve(uiState) },
  });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Connect" }));
  expect(await screen.findByText("WDJB-MJHT")).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Stop waiting" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The sign-in was stopped.");
  expect(cancelSignIn).toHaveBeenCalledWith("northwind-traders-coupa-test");
  // A plain test could only fail: nobody has signed in.
  expect(connect).not.toHaveBeenCalled();
});

test("an account the workspace tells of while it is added keeps its id", async () => {
  const user = userEvent.setup();
  const world = fullWorld(Date.now());
  let tell: (event: { accounts: string[] }) => void = () => undefined;
  const updateAccount = vi.fn().mockResolvedValue({});
  const connect = vi.fn().mockRejectedValue(new Error("no way there"));
  const addAccount = vi.fn(async ({ id }: NewAccountInput) => {
    const like = world.rows[0];
    world.rows = like ? [...world.rows, { ...like, id }] : world.rows;
    act(() => tell({ accounts: [id] }));
    // The answer comes after the news has been read.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return {} as AccountView;
  });
  await openWindow(PLACE, {
    world,
    overrides: { addAccount, updateAccount, connect },
    listen: (name, handler) => {
      if (name === "health-changed") {
        tell = handler as typeof tell;
      }
      return () => undefined;
    },
  });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Connect" }));
  await user.click(within(await screen.findByRole("alert")).getByRole("button", { name: "Try again" }));
  await waitFor(() => {
    expect(connect).toHaveBeenCalledTimes(2);
  });
  expect(connect.mock.calls.map(([account]) => account)).toEqual([
    "northwind-traders-coupa-test",
    "northwind-traders-coupa-test",
  ]);
  expect(updateAccount.mock.calls[0]?.[0]).toBe("northwind-traders-coupa-test");
});

test("a host the connector does not know needs to be typed", async () => {
  const user = userEvent.setup();
  const unknown = new BackendError({
    code: "host_not_declared",
    message: "nw.coupahost.com is not a host of Coupa.",
    hint: "Confirm it.",
  });
  const addAccount = vi.fn().mockRejectedValueOnce(unknown).mockResolvedValue({});
  await openWindow(PLACE, { overrides: { addAccount } });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Connect" }));
  await user.click(await screen.findByRole("button", { name: "Confirm this host…" }));
  const dialog = await screen.findByRole("dialog");
  await put(user, within(dialog).getByRole("textbox"), "nw.coupahost.com");
  await user.click(within(dialog).getByRole("button", { name: "Confirm host" }));
  await waitFor(() => {
    expect(addAccount).toHaveBeenLastCalledWith(
      expect.objectContaining({ allow_hosts: ["nw.coupahost.com"] }),
    );
  });
});

test("a customer call has drafts of its own", async () => {
  const user = userEvent.setup();
  const uiState = JSON.stringify({ "draft:connect:coupa": { tenant: "aster-health", id: "aster-second" } });
  let saved = uiState;
  await openWindow("/connect?connector=coupa", {
    overrides: {
      callMode: () => Promise.resolve("northwind-traders"),
      uiState: () => Promise.resolve(uiState),
      saveUiState: (json) => {
        saved = json;
        return Promise.resolve(null);
      },
    },
  });
  const id = await screen.findByLabelText("Account id");
  expect(document.body.innerHTML).not.toContain("aster-second");
  await user.clear(id);
  await user.type(id, "northwind-second");
  await waitFor(() => {
    expect(JSON.parse(saved)).toMatchObject({
      "draft:connect:coupa": { id: "aster-second" },
      "draft:connect:coupa:northwind-traders": { id: "northwind-second" },
    });
  });
});

test("the draft is remembered without the credential", async () => {
  const user = userEvent.setup();
  let saved = "";
  const saveUiState = vi.fn((json: string) => {
    saved = json;
    return Promise.resolve(null);
  });
  await openWindow(PLACE, { overrides: { saveUiState } });
  await fill(user);
  await waitFor(() => {
    expect(saved).toContain("nw.coupahost.com");
  });
  expect(saved).not.toContain("s3cret");
});
