import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { Dialog } from "../components/Dialog";
import { Keys } from "./Keys";
import { commandFor, cover, register, useMainAction } from "./commands";

const none = () => undefined;

function Screen({ save }: { save: () => void }) {
  useMainAction("Save the grid", save);
  return <button type="button">Edit</button>;
}

function Form({ send }: { send: () => void }) {
  useMainAction("Send", send);
  return <input aria-label="Name" />;
}

test("under a dialog the screen's keys do nothing, and the dialog's own work", async () => {
  const user = userEvent.setup();
  const save = vi.fn();
  const send = vi.fn();
  const drawn = (open: "none" | "bare" | "form") => (
    <>
      <Screen save={save} />
      <Dialog open={open !== "none"} onClose={none} title="Import a CSV">
        {open === "form" && <Form send={send} />}
      </Dialog>
      <Keys />
    </>
  );
  const press = () => user.keyboard("{Control>}{Enter}{/Control}");
  const { rerender } = render(drawn("none"));
  await press();
  expect(save).toHaveBeenCalledTimes(1);
  rerender(drawn("bare"));
  await screen.findByRole("dialog");
  await press();
  expect(save).toHaveBeenCalledTimes(1);
  rerender(drawn("form"));
  await press();
  expect(send).toHaveBeenCalledTimes(1);
  expect(save).toHaveBeenCalledTimes(1);
  rerender(drawn("none"));
  await press();
  expect(save).toHaveBeenCalledTimes(2);
});

test("of dialogs opened from each other the innermost answers, in whichever order they came", () => {
  const offer = (label: string, layer: string | null) =>
    register({ id: "main", label, group: "This screen", keys: "Mod+Enter", run: none }, layer);
  const stops = [offer("screen", null), offer("outer", "outer"), offer("inner", "inner")];
  const answers = () => commandFor("Mod+Enter")?.label;
  expect(answers()).toBe("screen");
  // A dialog inside another is there before it, where both are drawn at once.
  const inner = cover({ id: "inner", depth: 2 });
  const outer = cover({ id: "outer", depth: 1 });
  expect(answers()).toBe("inner");
  inner();
  expect(answers()).toBe("outer");
  outer();
  expect(answers()).toBe("screen");
  const bare = cover({ id: "bare", depth: 1 });
  expect(answers()).toBeUndefined();
  bare();
  for (const stop of stops) {
    stop();
  }
});
