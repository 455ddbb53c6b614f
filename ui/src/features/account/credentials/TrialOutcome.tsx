import type { ReactNode } from "react";

import { ErrorState } from "../../../components/States";
import { LiveSteps } from "../../connect/LiveSteps";
import type { useTrial } from "./useTrial";

/** How the latest trial went, with what is to be done again as a button. */
export function TrialOutcome({
  trial,
  onChange,
  action,
}: {
  trial: ReturnType<typeof useTrial>;
  /** Tries the change again that failed; none: what it needs is not there any more. */
  onChange: (() => void) | null;
  /** The next step of a failure, where it is a special one. */
  action?: ReactNode;
}) {
  const again = trial.open === "test" ? trial.test : onChange;
  const failure = trial.busy === null ? (trial.error ?? trial.report?.error ?? null) : null;
  return (
    <>
      {trial.steps.length > 0 && <LiveSteps steps={trial.steps} />}
      {failure && <ErrorState compact error={failure} {...(action ? { action } : again ? { onRetry: again } : {})} />}
    </>
  );
}
