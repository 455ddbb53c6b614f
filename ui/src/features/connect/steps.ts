import type { LiveStep, TestReport } from "../../backend";

/** The steps so far with one more told: a step that was running is replaced by how it ended. */
export function withStep(steps: LiveStep[], told: LiveStep): LiveStep[] {
  const at = steps.findIndex((step) => step.name === told.name && step.state === "running");
  return at < 0 ? [...steps, told] : steps.map((step, index) => (index === at ? told : step));
}

/** What the final report says, in place of what was told on the way. */
export function finalSteps(report: TestReport): LiveStep[] {
  return report.steps.map((step) => ({ ...step, state: "done" }));
}

/** How many reads a test made of what can be synced, and how many of them failed. */
export function readsOf(steps: readonly LiveStep[], resources: readonly string[]): { made: number; failed: number } {
  const reads = steps.filter((step) => step.state === "done" && resources.includes(step.name));
  return { made: reads.length, failed: reads.filter((step) => !step.ok).length };
}
