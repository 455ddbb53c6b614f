import { expect, test } from "vitest";

import { fullWorld } from "../../testing/world";
import { attention, byAttention, gathered } from "./attention";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const rows = fullWorld(NOW).rows;
const row = (id: string) => {
  const found = rows.find((each) => each.id === id);
  if (!found) {
    throw new Error(id);
  }
  return found;
};

test.each([
  ["aster-coupa", 0],
  ["kestrel-coupa-prod", 1],
  ["pallas-test", 2],
  ["northwind-coupa-prod", 4],
  ["meridian-test", 6],
  ["halden-prod", 7],
])("%s has urgency %i", (id, urgency) => {
  expect(attention(row(id), NOW)).toBe(urgency);
});

test("an expired token comes before a due one, whatever the status says", () => {
  expect(attention({ ...row("aster-coupa"), status: "active" }, NOW)).toBe(3);
});

test("what needs someone comes first, ties by tenant", () => {
  expect(byAttention(rows, NOW).map((each) => each.id).slice(0, 4)).toEqual([
    "aster-coupa",
    "kestrel-coupa-prod",
    "pallas-test",
    "northwind-coupa-prod",
  ]);
});

test("grouping keeps the order of the first of each tenant", () => {
  const mixed = [row("northwind-coupa-test"), row("halden-prod"), row("northwind-coupa-prod")];
  expect(gathered(mixed).map((each) => each.id)).toEqual([
    "northwind-coupa-test",
    "northwind-coupa-prod",
    "halden-prod",
  ]);
});
