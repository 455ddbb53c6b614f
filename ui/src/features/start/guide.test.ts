import { expect, test } from "vitest";

import { fullWorld } from "../../testing/world";
import { guideSteps } from "./guide";

const rows = fullWorld(0).rows;

test("the guide learns on a sound account and ends at the broken one", () => {
  const steps = guideSteps(rows);
  expect(steps.map((step) => step.step)).toEqual(["sync", "explore", "compare", "mend", "own"]);
  expect(steps[0]?.href).toBe("/accounts/northwind-coupa-prod/sync");
  expect(steps[3]?.href).toBe("/accounts/aster-coupa");
});

test("without accounts there is nothing to guide through", () => {
  expect(guideSteps([])).toEqual([]);
});
