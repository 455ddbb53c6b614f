import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { type Backend, BackendError } from "../../backend";
import { openWindow } from "../../testing/window";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

test("a setting is saved and can be taken back", async () => {
  const user = userEvent.setup();
  const { world } = await openWindow("/settings");
  await user.type(await screen.findByLabelText("Proxy"), "http://proxy:3128{Enter}");
  await screen.findByText("Proxy is saved");
  expect(world.settings.find((each) => each.key === "proxy")?.value).toBe("http://proxy:3128");
  await user.click(screen.getByRole("button", { name: /Undo/ }));
  await waitFor(() => {
    expect(world.settings.find((each) => each.key === "proxy")?.value).toBeNull();
  });
});

test("what cannot be taken back says why, and can be tried again", async () => {
  const user = userEvent.setup();
  const busy = new BackendError({ code: "workspace_busy", message: "The workspace is busy.", hint: "Try again." });
  const setSetting = vi.fn<Backend["setSetting"]>().mockResolvedValue(null).mockResolvedValueOnce(null).mockRejectedValueOnce(busy);
  await openWindow("/settings", { overrides: { setSetting } });
  await user.type(await screen.findByLabelText("Proxy"), "http://proxy:3128{Enter}");
  await screen.findByText("Proxy is saved");
  await user.click(screen.getByRole("button", { name: /Undo/ }));
  await screen.findAllByText("Not undone: The workspace is busy.");
  await user.click(screen.getByRole("button", { name: "Try again", hidden: true }));
  await waitFor(() => expect(setSetting).toHaveBeenCalledTimes(3));
  expect(setSetting).toHaveBeenLastCalledWith("proxy", null);
});

test("what is on or off is a switch, on where nobody said otherwise", async () => {
  const user = userEvent.setup();
  const { world } = await openWindow("/settings");
  const notifications = await screen.findByRole("switch", { name: /^Notify of what falls due/ });
  expect(notifications.getAttribute("aria-checked")).toBe("true");
  expect(screen.getByRole("switch", { name: /^Names in notifications/ }).getAttribute("aria-checked")).toBe("false");
  await user.click(notifications);
  await waitFor(() => {
    expect(world.settings.find((each) => each.key === "notifications")?.value).toBe("off");
  });
  expect(notifications.getAttribute("aria-checked")).toBe("false");
});

test("a switch that could not be saved offers no second try that could overwrite what is chosen next", async () => {
  const user = userEvent.setup();
  const busy = new BackendError({ code: "workspace_busy", message: "The workspace is busy.", hint: "Wait for it." });
  await openWindow("/settings", { overrides: { setSetting: vi.fn().mockRejectedValue(busy) } });
  await user.click(await screen.findByRole("switch", { name: /^Notify of what falls due/ }));
  await screen.findAllByText("The workspace is busy.");
  expect(screen.queryByRole("button", { name: "Try again", hidden: true })).toBeNull();
});

test("a wrong value says why beside its field", async () => {
  const user = userEvent.setup();
  const setSetting = vi.fn().mockRejectedValue(
    new BackendError({
      code: "invalid_setting",
      message: "proxy is not an address.",
      hint: "For example http://proxy:3128.",
    }),
  );
  await openWindow("/settings", { overrides: { setSetting } });
  await user.type(await screen.findByLabelText("Proxy"), "x{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe(
    "proxy is not an address. For example http://proxy:3128.",
  );
});

test("a test notification says whether it arrived", async () => {
  const user = userEvent.setup();
  await openWindow("/settings");
  await user.click(await screen.findByRole("button", { name: "Send a test" }));
  expect(await screen.findByText("Shown by dunst.")).toBeTruthy();
});

test("a test notification that nobody shows says the next step", async () => {
  const user = userEvent.setup();
  const trial = { delivered: false, server: null, message: "Nobody shows them.", hint: "Start a notification service." };
  await openWindow("/settings", { overrides: { testNotification: () => Promise.resolve(trial) } });
  await user.click(await screen.findByRole("button", { name: "Send a test" }));
  expect(await screen.findByText("Nobody shows them. Start a notification service.")).toBeTruthy();
});

test("the diagnostics bundle names its file", async () => {
  const user = userEvent.setup();
  await openWindow("/settings");
  await user.click(await screen.findByRole("button", { name: "Write bundle" }));
  expect(await screen.findByText("/home/me/crosswalk/diagnostics.zip")).toBeTruthy();
});

test("of many backups the newest stand there, and more of them when asked", async () => {
  const user = userEvent.setup();
  const backups: Backend["backups"] = async () =>
    Array.from({ length: 70 }, (_, index) => ({
      name: `backup-${String(index)}`,
      created_at: new Date(Date.UTC(2026, 10, 21) - index * 86_400_000).toISOString(),
      bytes: 4_200_000,
      reason: "daily",
    }));
  await openWindow("/settings", { overrides: { backups } });
  await screen.findByText("The newest 10 are shown.");
  expect(screen.queryByText("backup-10")).toBeNull();
  for (const shown of [20, 30, 40, 50]) {
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText(new RegExp(`^The newest ${String(shown)} are shown`));
  }
  expect(screen.getByText("backup-49")).toBeTruthy();
  expect(screen.getByText(/names all 70/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(document.querySelectorAll("*").length).toBeLessThan(1500);
});
