/** How to take something back. */
export interface Step {
  run: () => void | Promise<void>;
  running: boolean;
}

// Enough to take back a slip or a few; more would undo what was long forgotten.
const DEPTH = 20;
let steps: Step[] = [];

/** Keeps how to take something back. */
export function offerUndo(run: Step["run"]): Step {
  const step = { run, running: false };
  steps = [...steps.slice(1 - DEPTH), step];
  return step;
}

/**
 * Takes something back, the last thing unless another is given; false when there is nothing. What fails is thrown, and
 * stays to be tried again.
 */
export async function takeBack(step: Step | undefined = steps.at(-1)): Promise<boolean> {
  if (!step || step.running || !steps.includes(step)) {
    return false;
  }
  step.running = true;
  try {
    await step.run();
    steps = steps.filter((each) => each !== step);
    return true;
  } finally {
    step.running = false;
  }
}

/** Forgets what could be taken back. */
export function forgetUndo() {
  steps = [];
}
