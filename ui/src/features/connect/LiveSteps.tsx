import { Check, X } from "lucide-react";

import type { LiveStep } from "../../backend";
import { Spinner } from "../../components/Button";
import { Duration } from "../../components/Figures";
import { duration } from "../../components/formats";

/** A connection test as it goes: each step with how long it took and what it found. */
export function LiveSteps({ steps }: { steps: LiveStep[] }) {
  const total = steps.reduce((sum, step) => sum + step.ms, 0);
  return (
    <section aria-label="Connection test" aria-live="polite">
      <ol className="flex flex-col gap-2">
        {steps.map((step, index) => {
          const running = step.state === "running";
          return (
            <li key={`${step.name}-${String(index)}`} className="flex gap-2.5">
              <span
                className={`mt-0.5 flex size-4 shrink-0 items-center justify-center ${running ? "text-ink-2" : step.ok ? "text-ok" : "text-bad"}`}
              >
                {running ? (
                  <Spinner />
                ) : step.ok ? (
                  <Check size={15} strokeWidth={2.5} aria-label="Passed" />
                ) : (
                  <X size={15} strokeWidth={2.5} aria-label="Failed" />
                )}
              </span>
              <span className="min-w-0 flex-1 leading-[18px]">
                <span className="font-medium">{step.name.replaceAll("_", " ")}</span>
                {step.message && (
                  <span className="block text-[12px]/[17px] break-words text-ink-2">
                    {step.message}
                  </span>
                )}
              </span>
              {!running && (
                <span className="text-ink-3">
                  <Duration ms={step.ms} />
                </span>
              )}
            </li>
          );
        })}
      </ol>
      {steps.length > 0 && steps.every((step) => step.state === "done") && (
        <p className="mt-2 border-t border-line pt-2 text-right text-ink-3 tabular-nums">
          {duration(total)} in all
        </p>
      )}
    </section>
  );
}
