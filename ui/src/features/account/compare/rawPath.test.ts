import { describe, expect, it } from "vitest";

import { ancestors, everyElement, keysOf, parentPath, parsePath, spellPath } from "./rawPath";

describe("raw paths", () => {
  it.each([
    ["id", [{ key: "id" }]],
    ["lines[0].account.code", [{ key: "lines" }, { index: 0 }, { key: "account" }, { key: "code" }]],
    ["lines[].price", [{ key: "lines" }, { each: true }, { key: "price" }]],
    ["grid[0][12]", [{ key: "grid" }, { index: 0 }, { index: 12 }]],
    ["`a.b`.c", [{ key: "a.b" }, { key: "c" }]],
    ["`tick``ed`[3]", [{ key: "tick`ed" }, { index: 3 }]],
    ["custom-fields.cost-center-code", [{ key: "custom-fields" }, { key: "cost-center-code" }]],
  ])("reads and spells %s", (path, steps) => {
    expect(parsePath(path)).toEqual(steps);
    expect(spellPath(parsePath(path))).toBe(path);
  });

  it("keeps a text that is no path as one key", () => {
    expect(parsePath("a[b")).toEqual([{ key: "a[b" }]);
  });

  it("leaves lists out of what is compared", () => {
    expect(keysOf("lines[0].account.code")).toEqual(keysOf("lines[].account.code"));
  });

  it("knows the way to a place", () => {
    expect(parentPath("id")).toBeNull();
    expect(parentPath("lines[0].price")).toBe("lines[0]");
    expect(ancestors("lines[0].account.code")).toEqual(["lines", "lines[0]", "lines[0].account"]);
    expect(everyElement("lines[0].account.code")).toBe("lines[].account.code");
  });
});
