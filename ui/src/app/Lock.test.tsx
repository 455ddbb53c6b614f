import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { type Backend, BackendError } from "../backend";
import { openWindow } from "../testing/window";

vi.mock("../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

test("a locked window says so and opens with the passphrase, which is not kept", async () => {
  const user = userEvent.setup();
  const unlockWindow = vi
    .fn<Backend["unlockWindow"]>()
    .mockRejectedValueOnce(new BackendError({ code: "vault_wrong_passphrase", message: "The passphrase is wrong.", hint: "Try again." }))
    .mockResolvedValue({ locked: false, minutes: 15, by: "passphrase" });
  await openWindow("/", {
    overrides: { lockState: async () => ({ locked: true, minutes: 15, by: "passphrase" }), unlockWindow },
  });
  await user.click(await screen.findByRole("button", { name: "Unlock" }));
  const field = await screen.findByLabelText("Passphrase");
  expect(field).toHaveProperty("type", "password");
  await user.type(field, "wrong{Enter}");
  expect(await screen.findByText("The passphrase is wrong.")).toBeTruthy();
  expect(field).toHaveProperty("value", "");
  await user.type(field, "right{Enter}");
  await waitFor(() => {
    expect(screen.queryByText(/Locked:/)).toBeNull();
  });
});

test("inputs are reported, and not each of them", async () => {
  const user = userEvent.setup();
  const touch = vi.fn<Backend["touch"]>(async () => null);
  await openWindow("/settings", { overrides: { touch } });
  await user.type(await screen.findByLabelText("Proxy"), "http://");
  expect(touch).toHaveBeenCalledTimes(1);
});
