import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Backend, RunDetail } from "../../backend";
import { sampleRun } from "../account/testing/fakeAccount";
import { openWindow } from "../../testing/window";

vi.mock("../../backend/bindings", () => ({ commands: {} }));

test("a paused run is taken up again from the list, as it was asked for", async () => {
  const user = userEvent.setup();
  const paused = { ...sampleRun(3), resource: "suppliers" };
  const run = async (): Promise<RunDetail> => ({
    ...paused,
    resume: { fields: "all", pages: null, marks: false, budget: 10 },
    error_groups: [],
    log: [],
  });
  const resumeSync = vi.fn<Backend["resumeSync"]>(async (id) => id);
  const { history } = await openWindow("/runs", {
    overrides: { runs: async () => [paused, sampleRun(0)], run, quietNow: async () => null, resumeSync },
  });
  const buttons = await screen.findAllByRole("button", { name: /^Resume the sync/ });
  expect(buttons).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Resume the sync of suppliers" }));
  await waitFor(() => expect(resumeSync).toHaveBeenCalledWith("run-3", { pages: null, mark_exported: null, confirm: null }));
  // The row itself is not opened.
  expect(history.location.pathname).toBe("/runs");
});
