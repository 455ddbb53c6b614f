import { expect, it } from "vitest";

import type { LevelEntry } from "../../../backend";
import { resourceAt } from "./editedField";

const said = (level: string, resource: string | null): LevelEntry => ({
  level, resource, expression: "x", version: "1", at: null, actor: null, note: null,
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
