import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { type Backend, BackendError } from "../../../backend";
import { openWindow } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";

it.each(["pins", "checkPins"] as const)("tries again what failed: %s", async (failing) => {
  const made = accountWindow({});
  made.mapping.pins.push("41000");
  let shut = true;
  const fault = () => new BackendError({ code: "vault_locked", message: "The vault is locked.", hint: "Unlock it." });
  const pins: Backend["pins"] = async (...args) => {
    const answer = await made.commands.pins?.(...args);
    if ((shut && failing === "pins") || !answer) {
      throw fault();
    }
    return answer;
  };
  const checkPins: Backend["checkPins"] = async () => {
    if (shut && failing === "checkPins") {
      throw fault();
    }
    return { checked: 1, broken: [] };
  };
  await openWindow("/accounts/northwind-coupa-test/mapping", { overrides: { ...made.commands, pins, checkPins }, listen: made.listen });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Pins" }));
  const dialog = await screen.findByRole("dialog", { name: "Pinned results" });
  const again = await within(dialog).findByRole("button", { name: "Try again" });
  shut = false;
  await user.click(again);
  await within(dialog).findByText("holds");
  expect(within(dialog).queryByRole("alert")).toBeNull();
});
