import { describe, expect, it } from "vitest";

import { offsetOf, syntaxFault } from "./reference";

describe("the reference parser", () => {
  it.each(["a.b", "`x-y` ?? 5", "$sum(lines.price)", "a ? b : c", "lines.{ \"id\": $string(id) }"])(
    "parses %s",
    (expression) => {
      expect(syntaxFault(expression)).toBeNull();
    },
  );

  it.each([
    ["", 0, 0],
    ["a +", 2, 3],
    ["a ++ b", 3, 4],
    ["lines[0", 6, 7],
  ])("points at the fault in %j", (expression, from, to) => {
    const fault = syntaxFault(expression);
    expect(fault).toMatchObject({ from, to });
    expect(fault?.message).not.toBe("");
  });

  it("turns a line and a column into a place", () => {
    expect(offsetOf("ab\ncd\nef", 2, 2)).toBe(4);
    expect(offsetOf("ab", 9, 9)).toBe(2);
  });
});
