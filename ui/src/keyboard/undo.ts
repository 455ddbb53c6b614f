interface Step {
  label: string;
  run: () => void | Promise<void>;
}

// Enough to take back a slip or a few; more would undo what was long forgotten.
const DEPTH = 20;
let steps: Step[] = [];

/** Keeps how to take something back. */
export function offerUndo(label: string, run: Step["run"]) {
  steps = [...steps.slice(1 - DEPTH), { label, run }];
}

/** Takes the last thing back; false when there is none. */
export function undoLast(): boolean {
  const last = steps.at(-1);
  steps = steps.slice(0, -1);
  if (!last) {
    return false;
  }
  void last.run();
  return true;
}

/** Forgets what could be taken back. */
export function forgetUndo() {
  steps = [];
}
