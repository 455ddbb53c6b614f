import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { BackendError } from "../backend";
import { Toasts, clearToasts, toast, toastError, undoLast } from "./Toasts";

const REFUSED = new BackendError({
  code: "auth_refused",
  message: "The provider refused the credentials.",
  hint: "Compare the client id and secret.",
});

// The toast is hidden from readers until it has the focus: they hear the same from the alert beside it.
const told = () => screen.findByRole("alertdialog", { hidden: true });
const button = async (name: string) => within(await told()).findByRole("button", { name, hidden: true });

afterEach(() => {
  act(clearToasts);
});

test("a failure says what happened, whose side it is on, and the next step", async () => {
  const user = userEvent.setup();
  render(<Toasts />);
  const again = vi.fn();
  act(() => toastError(REFUSED, again));
  const text = (await told()).textContent;
  expect(text).toContain("The provider refused the credentials.");
  expect(text).toContain("Compare the client id and secret.");
  expect(text).toContain("Customer's side");
  expect(text).toContain("auth_refused");
  await user.click(await button("Try again"));
  expect(again).toHaveBeenCalledTimes(1);
});

test("what cannot be tried again can be copied, the window's own mistakes too", async () => {
  const user = userEvent.setup();
  render(<Toasts />);
  act(() => toastError(new Error("undefined is not a function")));
  expect((await told()).textContent).toContain("report this");
  await user.click(await button("Copy details"));
  await button("Copied");
  expect(await navigator.clipboard.readText()).toContain("internal: undefined is not a function");
});

test("a refused undo says so, leaves the one before it to be taken back, and can be tried again", async () => {
  const user = userEvent.setup();
  render(<Toasts />);
  const first = vi.fn();
  const second = vi.fn().mockRejectedValueOnce(new Error("It was changed since.")).mockResolvedValue(undefined);
  act(() => {
    toast("The first is saved", { undo: first });
    toast("The second is saved", { undo: second });
  });
  act(() => undoLast());
  expect((await told()).textContent).toContain("Not undone: It was changed since.");
  expect(first).not.toHaveBeenCalled();
  await user.click(await button("Try again"));
  await waitFor(() => expect(second).toHaveBeenCalledTimes(2));
  act(() => undoLast());
  await waitFor(() => expect(first).toHaveBeenCalledTimes(1));
});
