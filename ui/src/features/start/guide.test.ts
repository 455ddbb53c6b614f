import { expect, test } from "vitest";

import type { OverviewRow } from "../../backend";
import { fullWorld } from "../../testing/world";
import { guideSteps } from "./guide";

const rows = fullWorld(0).rows;
// The sandbox's accounts are all active: the broken one lacks a scope of many.
const sandbox = rows.map((row): OverviewRow => ({ ...row, status: "active", healthy: true }));

test("the guide learns on a sound account and ends at the broken one, active as it is", () => {
  const steps = guideSteps(sandbox, "aster-coupa");
  expect(steps.map((step) => step.step)).toEqual(["sync", "explore", "compare", "mend", "own"]);
  expect(steps[0]?.href).toBe("/accounts/kestrel-coupa-prod/sync");
  expect(steps[3]?.label).toBe("Find out what is wrong with Aster Health");
  expect(steps[3]?.href).toBe("/accounts/aster-coupa/credentials?section=scopes");
});

test("a guide that knows of none finds one that does not work", () => {
  const steps = guideSteps(rows);
  expect(steps[0]?.href).toBe("/accounts/northwind-coupa-prod/sync");
  expect(steps[3]?.href).toBe("/accounts/aster-coupa/credentials");
  expect(guideSteps(sandbox).map((step) => step.step)).not.toContain("mend");
});

test("without accounts there is nothing to guide through", () => {
  expect(guideSteps([])).toEqual([]);
});
