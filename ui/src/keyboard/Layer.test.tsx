import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { Button } from "../components/Button";
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

function Sends({ name, disabled = false, send }: { name: string; disabled?: boolean; send: () => void }) {
  return (
    <form aria-label={name} onSubmit={(event) => event.preventDefault()}>
      <input aria-label={`Field of ${name}`} />
      <Button type="submit" tone="primary" command={name} disabled={disabled} onClick={send}>
        {name}
      </Button>
    </form>
  );
}

test("outside a form the screen's own main action answers, and a form's only where it is the only one", async () => {
  const user = userEvent.setup();
  const did: string[] = [];
  const drawn = (own: boolean, forms: string[]) => (
    <>
      {own && <Screen save={() => did.push("screen")} />}
      <button type="button">Outside</button>
      {forms.map((name) => (
        <Sends key={name} name={name} send={() => did.push(name)} />
      ))}
      <Keys />
    </>
  );
  const { rerender } = render(drawn(true, ["one"]));
  const press = async () => {
    screen.getByRole("button", { name: "Outside" }).focus();
    await user.keyboard("{Control>}{Enter}{/Control}");
    return did.splice(0);
  };
  expect(await press()).toEqual(["screen"]);
  rerender(drawn(false, ["one"]));
  expect(await press()).toEqual(["one"]);
  rerender(drawn(false, ["one", "two"]));
  expect(await press()).toEqual([]);
});

test("in a form whose button cannot be pressed nothing answers in its place", async () => {
  const user = userEvent.setup();
  const save = vi.fn();
  const send = vi.fn();
  const drawn = (disabled: boolean) => (
    <>
      <Screen save={save} />
      <Sends name="one" disabled={disabled} send={send} />
      <form>
        <input aria-label="Bare" />
      </form>
      <Keys />
    </>
  );
  const { rerender } = render(drawn(true));
  await user.click(screen.getByLabelText("Field of one"));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(save).not.toHaveBeenCalled();
  rerender(drawn(false));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect([save.mock.calls.length, send.mock.calls.length]).toEqual([0, 1]);
  // A form that nothing sends leaves the keys to the screen.
  await user.click(screen.getByLabelText("Bare"));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(save).toHaveBeenCalledTimes(1);
});
