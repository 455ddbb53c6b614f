import { describe, expect, it } from "vitest";

import { conditionFault, firstCondition, operatorText, split, unifiedFilterables, withField } from "./providerQuery";

const filters = [
  { field: "status", operators: ["eq", "in"], kind: "text" },
  { field: "updated-at", operators: ["gt", "lt"], kind: "time" },
  { field: "id", operators: ["gt", "eq"], kind: "number" },
  { field: "paid", operators: ["eq"], kind: "boolean" },
];

describe("the query builder", () => {
  it("begins with the first field", () => {
    expect(firstCondition(filters)).toEqual({ field: "status", operator: "eq", value: "" });
    expect(firstCondition([])).toBeNull();
  });

  it("keeps an operator the next field has too", () => {
    const condition = { field: "status", operator: "eq", value: "7" };
    expect(withField(condition, "id", filters).operator).toBe("eq");
    expect(withField(condition, "updated-at", filters).operator).toBe("gt");
  });

  it.each([
    ["status", "", "Write a value."],
    ["status", "approved", null],
    ["updated-at", "soon", "Write a date such as 2026-01-31."],
    ["updated-at", "2026-01-31", null],
    ["id", "x", "Write a number."],
    ["id", "12", null],
    ["paid", "yes", "Write true or false."],
    ["paid", "true", null],
    ["gone", "1", "Choose a field."],
  ])("%s %j", (field, value, fault) => {
    expect(conditionFault({ field, operator: "eq", value }, filters)).toBe(fault);
  });

  it.each([
    ["id", "in", "12, 13,14", null],
    ["id", "not_in", "12,x", "Write a number."],
    ["id", "in", "12,,13", "Write the values with one comma between."],
    ["id", "eq", "12,13", "Write a number."],
    ["updated-at", "in", "2026-01-31,2026-02-28", null],
    ["updated-at", "blank", "true", null],
    ["id", "blank", "false", null],
    ["id", "blank", "12", "Write true or false."],
    ["status", "blank", "perhaps", "Write true or false."],
    ["id", "starts_with", "4x", null],
    ["paid", "in", "true,false", null],
  ])("%s %s %j", (field, operator, value, fault) => {
    expect(conditionFault({ field, operator, value }, filters)).toBe(fault);
  });

  it("sends a list without what was typed around its commas", () => {
    expect(split([{ field: "id", operator: "in", value: " 12, 13 " }, { field: "status", operator: "eq", value: " a, b " }]).native).toEqual([
      { field: "id", operator: "in", value: "12,13" },
      { field: "status", operator: "eq", value: "a, b" },
    ]);
  });

  it.each([
    ["instant", "time"],
    ["date", "time"],
    ["true or false", "boolean"],
    ["whole number", "number"],
    ["decimal", "number"],
    ["id", "text"],
    ["value", "text"],
  ])("takes a unified filter of %s as %s", (type, kind) => {
    expect(unifiedFilterables([{ name: "f", bound: "is", type, enum_values: [] }])[0]?.kind).toBe(kind);
  });

  it("says what an operator means", () => {
    expect(operatorText("gt_or_eq")).toBe("gt_or_eq (from)");
    expect(operatorText("contains")).toBe("contains");
    expect(operatorText("sounds_like")).toBe("sounds like");
  });

  it("has the unified filters beside the provider's own", () => {
    const unified = unifiedFilterables([
      { name: "status", bound: "is", type: "one of a few texts", enum_values: ["draft", "paid"] },
      { name: "updated_after", bound: "after", type: "instant", enum_values: [] },
    ]);
    const chosen = withField({ field: "status", operator: "in", value: "x" }, "unified:status", unified);
    expect(chosen).toEqual({ field: "unified:status", operator: "is", value: "draft" });
    const after = { field: "unified:updated_after", operator: "after", value: " 2026-01-31 " };
    expect(conditionFault(after, unified)).toBeNull();
    expect(conditionFault({ ...after, value: "soon" }, unified)).toBe("Write a date such as 2026-01-31.");
    expect(split([chosen, after, { field: "id", operator: "gt", value: "7" }])).toEqual({
      filters: [
        { name: "status", value: "draft" },
        { name: "updated_after", value: "2026-01-31" },
      ],
      native: [{ field: "id", operator: "gt", value: "7" }],
    });
  });
});
