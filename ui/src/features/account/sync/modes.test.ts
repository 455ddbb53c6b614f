import { describe, expect, it } from "vitest";

import { confirmationFor, modeWords, parseBudget, parsePages } from "./modes";

describe("sync modes", () => {
  it("asks for the tenant's id before records are marked, and only then", () => {
    const account = { tenant: "northwind", kind: "production" };
    expect(confirmationFor(account, { mode: "unexported", markExported: true })).toBe("northwind");
    expect(confirmationFor(account, { mode: "unexported", markExported: false })).toBeNull();
    expect(confirmationFor(account, { mode: "full", markExported: true })).toBeNull();
  });

  it("shows a mode it does not know", () => {
    expect(modeWords("weekly").label).toBe("weekly");
    expect(modeWords("test").consequences).toContain("Writes nothing at the provider.");
  });

  it.each([
    ["", null],
    ["4", 4],
    [" 12 ", 12],
    ["0", undefined],
    ["2.5", undefined],
    ["many", undefined],
  ])("pages %j", (text, pages) => {
    expect(parsePages(text)).toBe(pages);
  });

  it.each([
    ["", null],
    ["25", 25],
    ["25 %", 25],
    ["0", undefined],
    ["101", undefined],
    ["x", undefined],
  ])("budget %j", (text, share) => {
    expect(parseBudget(text)).toBe(share);
  });
});
