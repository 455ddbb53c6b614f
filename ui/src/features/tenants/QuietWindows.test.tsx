import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Backend, QuietView } from "../../backend";
import { openWindow, violations } from "../../testing/window";
import { WORKING_HOURS } from "./quietTimes";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

const TENANT = "northwind-traders";

function view(windows: QuietView["windows"], now: QuietView["now"] = null): QuietView {
  return { tenant: TENANT, windows, now, zone: "Europe/Berlin" };
}

test("a customer's quiet windows are set in their zone, and taken back", async () => {
  const user = userEvent.setup();
  let held: QuietView["windows"] = [];
  const setQuiet = vi.fn<Backend["setQuiet"]>(async (_tenant, windows) => {
    held = windows;
    return view(windows);
  });
  await openWindow(`/tenants/${TENANT}`, { overrides: { quiet: async () => view(held), setQuiet } });
  const section = await screen.findByRole("region", { name: "Quiet windows" });
  await user.click(await within(section).findByRole("button", { name: "Add a window" }));
  const row = within(section).getByRole("group", { name: "Window 1" });
  const save = () => within(section).getByRole("button", { name: "Save" });
  await user.type(within(row).getByRole("textbox", { name: "Time zone" }), "Mars");
  expect(within(row).getByRole("alert").textContent).toContain("Europe/Berlin");
  expect(save()).toHaveProperty("disabled", true);
  fireEvent.change(within(row).getByRole("textbox", { name: "Time zone" }), { target: { value: "Asia/Tokyo" } });
  fireEvent.change(within(row).getByLabelText("To"), { target: { value: "20:00" } });
  expect(await violations()).toEqual([]);
  await user.click(save());
  const window = { ...WORKING_HOURS, to: "20:00", zone: "Asia/Tokyo" };
  await waitFor(() => expect(setQuiet).toHaveBeenCalledWith(TENANT, [window]));
  await within(section).findByText("Mon to Fri, 08:00 to 20:00, Asia/Tokyo.");
  await user.click(await screen.findByRole("button", { name: /^Undo/ }));
  await waitFor(() => expect(setQuiet).toHaveBeenLastCalledWith(TENANT, []));
});

test("the page says that it is quiet now", async () => {
  const always = { ...WORKING_HOURS, to_day: "sun", from: null, to: null };
  const quiet = async () => view([always], { windows: "mon-sun", until: null });
  await openWindow(`/tenants/${TENANT}`, { overrides: { quiet } });
  await screen.findByText("It is quiet now.");
  expect(screen.getByText("Mon to Sun.")).toBeTruthy();
});
