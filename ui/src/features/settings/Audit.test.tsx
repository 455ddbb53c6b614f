import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { openWindow } from "../../testing/window";
import { dayEdge } from "./Audit";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

it("takes days as they are here, and nothing else", () => {
  expect(dayEdge("", false)).toBeNull();
  expect(dayEdge("soon", false)).toBeUndefined();
  expect(dayEdge("2026-13-01", false)).toBeUndefined();
  expect(new Date(dayEdge("2026-11-21", true) ?? "").getDate()).toBe(21);
});

it("says that the chain is broken, where, and what to do", async () => {
  const user = userEvent.setup();
  const verifyAudit = vi.fn<Backend["verifyAudit"]>(async () => ({
    ok: false,
    rows: 3,
    anchored_seq: 9,
    broken_at: 4,
    fault: "below_anchor",
    head: { seq: 3, hash: "ab12" },
    compared: null,
    notes: [],
  }));
  await openWindow("/settings", { overrides: { verifyAudit } });
  await user.click(await screen.findByRole("button", { name: "Verify" }));
  expect(await screen.findByText(/Row 4 is not as it was written \(below anchor\)/)).toBeTruthy();
});

it("exports what is asked for and says where it is", async () => {
  const user = userEvent.setup();
  const exportAudit = vi.fn<Backend["exportAudit"]>(async () => ({
    path: "/w/exports/audit.jsonl",
    bytes: 12,
    head: { seq: 7, hash: "cd34" },
    region: "EU",
  }));
  await openWindow("/settings", { overrides: { exportAudit } });
  await user.type(await screen.findByLabelText(/^Kind/), "call");
  await user.click(screen.getByRole("button", { name: "Export" }));
  expect(await screen.findByText("/w/exports/audit.jsonl")).toBeTruthy();
  expect(screen.getByText("Data stays in EU")).toBeTruthy();
  expect(exportAudit).toHaveBeenCalledWith({ tenant: null, account: null, kind: "call", since: null, until: null }, "jsonl");
});
