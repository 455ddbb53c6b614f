import { describe, expect, it } from "vitest";

import { collapsedBelow, revealed, toggled, treeMove } from "./expansion";

const row = (path: string, depth: number, state: "leaf" | "open" | "closed") => ({
  path,
  depth,
  expandable: state !== "leaf",
  expanded: state === "open",
});

describe("the raw tree's expansion", () => {
  it("opens and closes one container", () => {
    expect([...toggled(["a"], "b")]).toEqual(["a", "b"]);
    expect([...toggled(["a", "b"], "a")]).toEqual(["b"]);
  });

  it("opens the way to a place", () => {
    expect([...revealed(["x"], "lines[1].account.code")]).toEqual([
      "x",
      "lines",
      "lines[1]",
      "lines[1].account",
    ]);
  });

  it("closes what lies inside too", () => {
    expect([...collapsedBelow(["a", "a[0]", "a[0].b", "ab"], "a")]).toEqual(["ab"]);
  });

  it.each([
    ["ArrowRight", row("a", 0, "closed"), null, { kind: "toggle", path: "a" }],
    ["ArrowRight", row("a", 0, "open"), row("a.b", 1, "leaf"), { kind: "focus", path: "a.b" }],
    ["ArrowRight", row("a", 0, "open"), row("c", 0, "leaf"), null],
    ["ArrowRight", row("a", 0, "leaf"), row("c", 0, "leaf"), null],
    ["ArrowLeft", row("a", 0, "open"), null, { kind: "toggle", path: "a" }],
    ["ArrowLeft", row("a[3]", 1, "closed"), null, { kind: "focus", path: "a" }],
    ["ArrowLeft", row("a.b", 1, "leaf"), null, { kind: "focus", path: "a" }],
    ["ArrowLeft", row("a", 0, "leaf"), null, null],
    ["x", row("a", 0, "closed"), null, null],
  ] as const)("%s on a row", (key, at, next, move) => {
    expect(treeMove(key, at, next)).toEqual(move);
  });
});
