import { CircleCheck, CircleDashed, X } from "lucide-react";

import { HrefLink } from "../../app/go";
import { useStored } from "../../app/place";
import type { OverviewRow } from "../../backend";
import { IconButton } from "../../components/Button";
import { type Guide, NO_GUIDE, guideSteps } from "./guide";

/** The first steps with the sandbox, over the overview until they are closed. */
export function GuidedStart({ rows }: { rows: OverviewRow[] }) {
  const [guide, setGuide] = useStored<Guide>("guide", NO_GUIDE);
  const steps = guideSteps(
    rows.filter((row) => guide.accounts.includes(row.id)),
    guide.broken,
  );
  if (!guide.open || steps.length === 0) {
    return null;
  }
  return (
    <section
      aria-labelledby="guide"
      className="shrink-0 rounded-lg border border-accent/40 bg-accent-soft px-4 pt-2.5 pb-3"
    >
      <div className="flex items-center justify-between">
        <h2 id="guide" className="font-semibold">
          Get to know it with the sandbox
        </h2>
        <IconButton
          label="Close the guide"
          command="Close the guide"
          icon={<X size={15} aria-hidden />}
          onClick={() => {
            setGuide({ ...guide, open: false });
          }}
        />
      </div>
      <ol className="mt-1 grid auto-cols-fr grid-flow-col gap-4">
        {steps.map((step) => {
          const done = guide.done.includes(step.step);
          return (
            <li key={step.step} className="flex min-w-0 gap-2">
              {done ? (
                <CircleCheck size={16} aria-label="Opened" className="mt-0.5 shrink-0 text-ok" />
              ) : (
                <CircleDashed size={16} aria-label="To do" className="mt-0.5 shrink-0 text-ink-2" />
              )}
              <div className="min-w-0">
                <HrefLink
                  href={step.href}
                  className="font-medium text-accent underline underline-offset-2"
                  onClick={() => {
                    if (!done) {
                      setGuide({ ...guide, done: [...guide.done, step.step] });
                    }
                  }}
                >
                  {step.label}
                </HrefLink>
                <p className="text-[12px]/[17px] text-ink-2">{step.detail}</p>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
