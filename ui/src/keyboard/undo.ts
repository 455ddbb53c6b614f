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

/** What would be taken back next. */
export function lastStep(): Step | null {
  return steps.at(-1) ?? null;
}

/** Keeps a step again that was refused, to be tried once more. */
export function offerAgain(step: Step) {
  steps = [...steps.filter((each) => each !== step).slice(1 - DEPTH), step];
}

/**
 * Takes something back, the last thing unless another is given; false when there is nothing. What fails is thrown and
 * kept no longer: what was refused once may be refused for good, and must not stand before what came earlier.
 */
export async function takeBack(step: Step | undefined = steps.at(-1)): Promise<boolean> {
  if (!step || step.running || !steps.includes(step)) {
    return false;
  }
  step.running = true;
  try {
    await step.run();
    return true;
  } finally {
    step.running = false;
    steps = steps.filter((each) => each !== step);
  }
}

/** Forgets what could be taken back. */
export function forgetUndo() {
  steps = [];
}
