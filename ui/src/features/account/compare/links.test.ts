import { describe, expect, it } from "vitest";

import { fieldsReading, lineageOf, linkOf, readsText } from "./links";

describe("links between the panes", () => {
  it.each([
    [["id"], "id", "read"],
    [["id"], "number", "none"],
    // A list and its elements are read alike.
    [["lines[].account.code"], "lines[0].account.code", "read"],
    [["lines[].account.code"], "lines[12].account.code", "read"],
    [["lines[].account.code"], "lines[0].account", "on_the_way"],
    [["lines[].account.code"], "lines", "on_the_way"],
    [["lines[].account.code"], "lines[0].price", "none"],
    // A subtree: everything below is read.
    [["supplier"], "supplier", "read"],
    [["supplier"], "supplier.address.city", "read"],
    [["supplier"], "supplier-site", "none"],
    // The whole record lights nothing.
    [["*"], "id", "none"],
    [[], "id", "none"],
    [["`a.b`"], "`a.b`.c", "read"],
    [["`a.b`"], "a.b", "none"],
    [["a", "b.c"], "b", "on_the_way"],
  ] as const)("%j against %s is %s", (reads, path, link) => {
    expect(linkOf(lineageOf(reads), path)).toBe(link);
  });

  it("names the fields that read a place", () => {
    const fields = [
      { field: "number", reads: ["invoice-number"] },
      { field: "vendor", reads: ["supplier"] },
      { field: "vendor_city", reads: ["supplier.address.city"] },
    ];
    expect(fieldsReading(fields, "supplier.address.city")).toEqual(["vendor", "vendor_city"]);
    expect(fieldsReading(fields, "supplier.name")).toEqual(["vendor"]);
    expect(fieldsReading(fields, "memo")).toEqual([]);
  });

  it("says what is read", () => {
    expect(readsText(["*"])).toBe("reads the whole record");
    expect(readsText([])).toBe("reads nothing of the record");
    expect(readsText(["a", "b.c"])).toBe("reads a, b.c");
  });
});
