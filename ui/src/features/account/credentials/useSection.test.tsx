import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { openWindow } from "../../../testing/window";
import { accountWindow } from "../testing/accountWindow";
import { SETTLE_MS, holdInSight } from "./holdInSight";

let scrolled: string[] = [];

beforeEach(() => {
  scrolled = [];
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    scrolled.push(this.id);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("goes to the section the address names", async () => {
  const made = accountWindow({});
  await openWindow("/accounts/northwind-coupa-test/credentials?section=history", {
    overrides: made.commands,
    listen: made.listen,
  });
  const heading = await screen.findByRole("heading", { name: "History" });
  await vi.waitFor(() => expect(document.activeElement).toBe(heading));
  expect(new Set(scrolled)).toEqual(new Set(["history-heading"]));
});

/** Two sections, the second held in sight; `grow` lets data come in to the first. */
function hold() {
  document.body.innerHTML = "<main><section id='above'></section><section><h2 id='held'>Held</h2></section></main>";
  holdInSight(document.querySelector<HTMLElement>("#held")!);
  expect(scrolled).toEqual(["held"]);
  return async () => {
    document.querySelector("#above")?.append("more");
    // Who watches hears of it after what runs now.
    await Promise.resolve();
  };
}

it("stays at the section while those above it get their data", async () => {
  const grow = hold();
  await grow();
  await grow();
  expect(scrolled).toEqual(["held", "held", "held"]);
});

it.each(["wheel", "keydown", "pointerdown", "touchmove"])("lets go of the section on %s", async (way) => {
  const grow = hold();
  document.body.dispatchEvent(new Event(way, { bubbles: true }));
  await grow();
  expect(scrolled).toEqual(["held"]);
});

it("lets go of the section when the page had time to settle", async () => {
  vi.useFakeTimers();
  const grow = hold();
  vi.advanceTimersByTime(SETTLE_MS);
  await grow();
  expect(scrolled).toEqual(["held"]);
});
