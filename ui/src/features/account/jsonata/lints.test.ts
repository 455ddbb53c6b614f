import jsonata from "jsonata";
import { describe, expect, it } from "vitest";

import { applied, lintsOf, tokensOf } from "./lints";

const fixed = (expression: string, money = false) => {
  const fix = lintsOf(expression, money)[0]?.fix;
  return fix ? applied(expression, fix) : null;
};

describe("lints", () => {
  it.each([
    ["a ?? 5", null],
    ["a = 'x' and (b ?? 5)", null],
    ["$f(a ?? b, c and d)", null],
    ["status = \"x\" and qty ?? 5", "status = \"x\" and (qty ?? 5)"],
    ["a = b ?? 5", "a = (b ?? 5)"],
    ["a & b.c ?? ''", "a & (b.c ?? '')"],
    ["x or $lookup(t, k) ?: 1", "x or ($lookup(t, k) ?: 1)"],
    ["(a = 1) ?? 5", null],
    ["a ? b ?? 1 : c", null],
  ])("%s becomes %s", (expression, want) => {
    expect(fixed(expression)).toBe(want);
    if (want !== null) {
      expect(() => jsonata(want)).not.toThrow();
      expect(lintsOf(want, false)).toEqual([]);
    }
  });

  it("names $sum on money only", () => {
    expect(fixed("$sum(lines.price)", true)).toBe("$decimal_sum(lines.price)");
    expect(lintsOf("$sum(lines.count)", false)).toEqual([]);
    expect(lintsOf("$map(lines, $sum)", true)).toEqual([]);
  });

  it.each(["$now()", "$match(a, /x(?=y)/)", "$match(a, /(x)\\1/)"])("warns of %s", (expression) => {
    expect(lintsOf(expression, false)).toHaveLength(1);
  });

  it("reads no operator inside texts, names and comments", () => {
    for (const expression of ["'a and b ?? c'", "`a ?? b`", "a /* and b ?? c */"]) {
      expect(lintsOf(expression, true)).toEqual([]);
    }
    expect(tokensOf("a / b / c").map((token) => token.text)).toEqual(["a", "/", "b", "/", "c"]);
  });
});
