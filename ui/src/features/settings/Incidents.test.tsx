import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend, IncidentView } from "../../backend";
import { openWindow } from "../../testing/window";

vi.mock("../../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));

function lost(started: boolean): IncidentView {
  return {
    id: "machine_lost",
    title: "The machine is lost or stolen",
    of_tenant: false,
    tenant: null,
    started_at: started ? "2026-11-21T12:00:00Z" : null,
    steps: [
      { id: "call", text: "Call each contact.", done: false, by_hand: true, evidence: null },
      {
        id: "forget",
        text: "Revoke and forget every account.",
        done: started,
        by_hand: false,
        evidence: started ? "2 of 2 accounts forgotten." : null,
      },
    ],
  };
}

it("begins an incident, shows what ticks itself and lets the rest be ticked", async () => {
  const user = userEvent.setup();
  let started = false;
  const beginIncident = vi.fn<Backend["beginIncident"]>(async () => {
    started = true;
    return null;
  });
  const tickIncident = vi.fn<Backend["tickIncident"]>(async () => null);
  await openWindow("/settings", { overrides: { incidents: async () => [lost(started)], beginIncident, tickIncident } });
  await screen.findByText("Call each contact.");
  expect(screen.queryByRole("checkbox", { name: "Call each contact." })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Begin" }));
  expect(await screen.findByText("2 of 2 accounts forgotten.")).toBeTruthy();
  await user.click(screen.getByRole("checkbox", { name: "Call each contact." }));
  await waitFor(() => {
    expect(tickIncident).toHaveBeenCalledWith("machine_lost", "call", true);
  });
});
