import { describe, expect, it } from "vitest";

import { suggestedField, targetsFor } from "./fieldName";

describe("field names", () => {
  it.each([
    ["cost-center-code", "cost_center_code"],
    ["Cost Center", "cost_center"],
    ["approvalLane", "approval_lane"],
    ["2nd-approver", "field_2nd_approver"],
    ["__x__", "x"],
    ["ä", "field"],
  ])("%s suggests %s", (key, name) => {
    expect(suggestedField(key)).toBe(name);
  });

  it("offers the field that fits first", () => {
    const targets = [
      { field: "number", label: "Number", expression: "x" },
      { field: "department", label: "Department", expression: null },
      { field: "cost_center", label: "Cost centre", expression: null },
    ];
    expect(targetsFor("cost-center-code", "", targets)[0]?.field).toBe("cost_center");
    expect(targetsFor("cost-center-code", "dep", targets).map((each) => each.field)).toEqual(["department"]);
  });
});
