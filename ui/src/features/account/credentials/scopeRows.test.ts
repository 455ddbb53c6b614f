import { expect, it } from "vitest";

import { scopeRows } from "./scopeRows";

const scope = (name: string, more: Partial<Parameters<typeof scopeRows>[0][number]> = {}) => ({
  scope: name,
  asked: true,
  granted: true,
  needed: false,
  used_at: null,
  opens: "",
  ...more,
});

it("names what is missing first, then what is too much, then what is in use", () => {
  const rows = scopeRows(
    [
      scope("core.invoice.read", { needed: true, used_at: "2026-11-21T10:00:00Z" }),
      scope("core.supplier.read", { needed: true }),
      scope("core.approval.read", { granted: false }),
      scope("core.all"),
      scope("openid"),
    ],
    ["core.all"],
    [
      { label: "Invoices", scope: "core.invoice.read" },
      { label: "Invoice lines", scope: "core.invoice.read core.all" },
      { label: "Lookups", scope: null },
    ],
  );
  expect(rows.map((row) => [row.scope, row.verdict])).toEqual([
    ["core.approval.read", "not granted"],
    ["core.all", "more than needed"],
    ["core.invoice.read", "in use"],
    ["core.supplier.read", "needed"],
    ["openid", "not used yet"],
  ]);
  expect(rows[2]?.reads).toEqual(["Invoices", "Invoice lines"]);
});

it("does not guess what a silent provider granted", () => {
  const [row] = scopeRows([scope("core.invoice.read", { granted: null, needed: true })], [], []);
  expect(row?.verdict).toBe("needed");
});
