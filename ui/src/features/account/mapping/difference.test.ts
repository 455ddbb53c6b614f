import { describe, expect, it } from "vitest";

import { difference } from "./difference";

const spelled = (before: string, after: string) =>
  difference(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "added" ? `+${text}+` : `-${text}-`))
    .join("");

describe("difference", () => {
  it.each([
    ["", "", ""],
    ["a", "a", "a"],
    ["", "a", "+a+"],
    ["a", "", "-a-"],
    ["currency.code", "currency.name", "currency.-code-+name+"],
    ["`net-due-date`", "`net-due-date` ?? terms", "`net-due-date`+ ?? terms+"],
    ["a ?? b", "(a ?? b)", "+(+a ?? b+)+"],
  ])("%s to %s", (before, after, want) => {
    expect(spelled(before, after)).toBe(want);
  });

  it("gives both texts back", () => {
    const before = "status = \"x\" and qty ?? 5";
    const after = "status = \"x\" and (qty ?? 0)";
    const pieces = difference(before, after);
    const join = (without: string) =>
      pieces
        .filter((piece) => piece.kind !== without)
        .map((piece) => piece.text)
        .join("");
    expect(join("added")).toBe(before);
    expect(join("removed")).toBe(after);
  });

  it("does not compute on long texts", () => {
    const long = "a b ".repeat(2000);
    expect(difference(long, `${long}c`)).toHaveLength(2);
  });
});
