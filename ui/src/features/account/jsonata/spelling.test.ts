import jsonata from "jsonata";
import { describe, expect, it } from "vitest";

import { expressionFor, mapChoices } from "./spelling";

const record = {
  id: 7,
  in: "keyword",
  "invoice-number": "INV-1",
  "tick`ed": { a: 1 },
  "custom-fields": { "cost-center": "CC-1", "a.b": 2 },
  lines: [{ account: { code: "x" } }, { account: { code: "y" } }],
};

describe("paths as expressions", () => {
  it.each([
    ["id", "id", 7],
    ["in", "`in`", "keyword"],
    ["invoice-number", "`invoice-number`", "INV-1"],
    ["custom-fields.cost-center", "`custom-fields`.`cost-center`", "CC-1"],
    ["custom-fields.`a.b`", "`custom-fields`.`a.b`", 2],
    ["`tick``ed`.a", '$lookup($, "tick`ed").a', 1],
    ["lines[1].account.code", "lines.account.code", ["x", "y"]],
  ])("%s is %s", async (path, expression, value) => {
    expect(expressionFor(path)).toBe(expression);
    expect(JSON.parse(JSON.stringify(await jsonata(expression).evaluate(record)))).toEqual(value);
  });

  it("says which element of a list is meant", async () => {
    expect(expressionFor("lines[1].account.code", "pointed")).toBe("lines[1].account.code");
    expect(expressionFor("lines[1].account.code", "first")).toBe("lines[0].account.code");
    expect(await jsonata("lines[0].account.code").evaluate(record)).toBe("x");
  });

  it("offers the likelier reading of a list first", () => {
    expect(mapChoices("lines[1].account.code", false)[0]?.expression).toBe("lines[0].account.code");
    expect(mapChoices("lines[1].account.code", true)[0]?.expression).toBe("lines.account.code");
    expect(mapChoices("id", false)).toHaveLength(1);
  });
});
