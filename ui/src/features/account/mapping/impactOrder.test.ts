import { describe, expect, it } from "vitest";

import { impactText, inOrder } from "./impactOrder";

describe("impact", () => {
  const examples = [
    { id: "10", kind: "changed" },
    { id: "9", kind: "changed" },
    { id: "3", kind: "failing" },
    { id: "4", kind: "filled" },
  ];

  it("puts what needs a look first", () => {
    expect(inOrder(examples, null).map((each) => each.id)).toEqual(["3", "4", "9", "10"]);
    expect(inOrder(examples, "changed").map((each) => each.id)).toEqual(["9", "10"]);
  });

  it.each([
    [12, 200, "affects 12 of 200 records"],
    [4102, 12418, "affects 4,102 of 12,418 records"],
    [0, 200, "changes none of 200 records"],
    [1, 1, "affects 1 of 1 record"],
    [0, 0, "no stored records to try it on"],
  ])("%i of %i", (changed, records, text) => {
    expect(impactText(changed, records)).toBe(text);
  });
});
