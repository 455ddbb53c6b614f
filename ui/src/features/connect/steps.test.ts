import { expect, test } from "vitest";

import { readsOf, withStep } from "./steps";

const step = (name: string, state: string, ms = 0) => ({ name, state, ms, ok: true, message: "" });

test("a step that ends takes the place of the one that ran", () => {
  const told = [
    step("token", "running"),
    step("token", "done", 412),
    step("settle", "running"),
    step("settle", "done", 5000),
  ].reduce(withStep, [] as ReturnType<typeof step>[]);
  expect(told.map((each) => [each.name, each.ms])).toEqual([
    ["token", 412],
    ["settle", 5000],
  ]);
});

test("only what can be synced counts as a read", () => {
  const steps = [
    step("token", "done"),
    step("invoices", "done"),
    { ...step("suppliers", "done"), ok: false },
    step("users", "running"),
  ];
  expect(readsOf(steps, ["invoices", "suppliers", "users"])).toEqual({ made: 2, failed: 1 });
});
