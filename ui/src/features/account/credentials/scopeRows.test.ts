import { expect, it } from "vitest";

import { scopeRows, verdictOf } from "./scopeRows";

const resources = [
  { label: "Invoices", scope: "core.invoice.read" },
  { label: "Approvals", scope: "core.approval.read" },
  { label: "Suppliers", scope: "core.supplier.read" },
  { label: "Lookups", scope: null },
];

it("names what is missing first, then what is too much", () => {
  const rows = scopeRows(
    ["core.invoice.read", "core.approval.read", "core.all"],
    ["core.invoice.read", "core.all"],
    resources,
    [{ scope: "core.invoice.read", opens: "Invoices" }],
  );
  expect(rows.map((row) => [row.scope, verdictOf(row)])).toEqual([
    ["core.approval.read", "not granted"],
    ["core.all", "more than needed"],
    ["core.invoice.read", "in use"],
    ["core.supplier.read", "not asked"],
  ]);
  expect(rows[2]?.opens).toBe("Invoices");
});

it("does not guess what a silent provider granted", () => {
  const [row] = scopeRows(["core.invoice.read"], null, resources.slice(0, 1), []);
  expect(row?.granted).toBeNull();
  expect(row && verdictOf(row)).toBe("in use");
});
