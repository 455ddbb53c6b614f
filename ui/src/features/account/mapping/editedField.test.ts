import { expect, it } from "vitest";

import type { LevelEntry } from "../../../backend";
import { fallsBackTo, resourceAt } from "./editedField";

const said = (level: string, resource: string | null, hides_general = false): LevelEntry => ({
  level, resource, hides_general, expression: "x", version: "1", at: null, actor: null, note: null,
});

it.each<[string, LevelEntry[], string | null]>([
  ["account", [said("connector", "invoices"), said("account", null)], null],
  ["account", [said("connector", "invoices"), said("account", "invoices")], "invoices"],
  ["account", [said("environment", null)], "invoices"],
  ["environment", [said("environment", null), said("account", "invoices")], null],
  ["account", [], "invoices"],
])("at %s the override of what is said there is changed", (level, levels, resource) => {
  expect(resourceAt(levels, level, "invoices")).toBe(resource);
});

it.each<[string, LevelEntry[], string | null]>([
  ["account", [said("connector", "invoices"), said("account", null)], "the connector level"],
  ["account", [said("connector", "invoices"), said("account", "invoices", true)], "what the account level says for every resource"],
  ["environment", [said("environment", null), said("account", "invoices", true)], null],
  ["environment", [said("connector", "invoices"), said("account", "invoices")], null],
])("without what is said at %s this holds", (level, levels, expected) => {
  expect(fallsBackTo(levels, level)).toBe(expected);
});
