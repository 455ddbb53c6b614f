import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { ChangeList, ScopeImpactList, writtenCount } from "./ScopeImpactList";

const TABLE = { level: "account", scope: "acme-prod", table: "cost_centers", added: 1, changed: 0, removed: 1_200 };

const CHANGE = {
  level: "account", scope: "acme-prod", model: "procurement/invoice", resource: null, field: "memo", request: false,
  before: null, after: "note",
};

it("lists and counts a change of tables alone", () => {
  const written = { changes: [], tables: [TABLE] };
  expect(writtenCount(written)).toBe(1);
  render(<ChangeList {...written} />);
  const list = screen.getByRole("list", { name: "Changes" });
  expect(list.textContent).toContain("table cost_centers in acme-prod");
  expect(list.textContent).toContain("1 entry added, 0 changed, 1,200 removed");
  expect(document.body.textContent).not.toContain("Nothing would change");
});

it("lists overrides and tables together, and says when there is neither", () => {
  const written = { changes: [CHANGE], tables: [TABLE] };
  expect(writtenCount(written)).toBe(2);
  const { rerender } = render(<ChangeList {...written} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  rerender(<ChangeList changes={[]} tables={[]} />);
  expect(document.body.textContent).toBe("Nothing would change: both sides say the same.");
});

it.each([
  [1, "1 pin holds"],
  [2, "2 pins hold"],
])("says of %i pins: %s", (pins, words) => {
  const impact = {
    account: "acme-prod", tenant: "acme", kind: "production", records: 10, changed: 2, newly_failing: 0, pins,
    broken_pins: [], error: null,
  };
  render(<ScopeImpactList impact={[impact]} />);
  expect(screen.getByRole("listitem").textContent).toContain(words);
});
