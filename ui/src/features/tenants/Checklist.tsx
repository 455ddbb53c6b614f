import { CircleCheck, CircleDashed } from "lucide-react";

import { useAct } from "../../app/act";
import { HrefLink, accountHref } from "../../app/go";
import { type ChecklistStep, backend } from "../../backend";
import { Button, Pressable } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { toastError } from "../../components/Toasts";

const LINK = "text-accent underline underline-offset-2";

/** The way to where an open step is done. */
function Way({ tenant, step, onReport }: { tenant: string; step: ChecklistStep; onReport: () => void }) {
  const { account, leads_to: place } = step;
  const link = (href: string, words: string) => (
    <HrefLink href={href} className={LINK}>
      {words}
    </HrefLink>
  );
  switch (place) {
    case null:
      return null;
    case "connect":
      return link(`/connect?${new URLSearchParams({ tenant }).toString()}`, "Connect an account");
    case "settings":
      return link("/settings", "Open the settings");
    case "report":
      return (
        <Pressable command="Open the report" className={LINK} onClick={onReport}>
          Open the report
        </Pressable>
      );
    case "request":
      return (
        account !== null && (
          <span className="mt-1 block">
            <CopyButton text label="Copy the message" command={`Copy the message to the administrator of ${account}`} value={() => backend.adminMessage(account)} />
          </span>
        )
      );
    default:
      return account !== null && link(accountHref(account, place), `Open ${account}`);
  }
}

/** What it takes to hand a customer over; the workspace ticks what it knows, a person the rest. */
export function Checklist({
  tenant,
  steps,
  onReport,
}: {
  tenant: string;
  steps: ChecklistStep[];
  /** Opens the tenant's report. */
  onReport: () => void;
}) {
  const mark = useAct(backend.markStep, { stale: ["tenant"], failed: toastError });
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  return (
    <section aria-labelledby="checklist" className="rounded-lg border border-line bg-panel">
      <h2 id="checklist" className="flex items-baseline justify-between px-4 pt-3 font-semibold">
        Onboarding
        <span className="font-normal text-ink-3 tabular-nums">
          {done} of {steps.length}
        </span>
      </h2>
      <ol className="flex flex-col gap-2.5 px-4 pt-2 pb-4">
        {steps.map((step) => (
          <li key={step.step} className="flex gap-2.5">
            {step.done ? (
              <CircleCheck size={16} aria-label="Done" className="mt-0.5 shrink-0 text-ok" />
            ) : (
              <CircleDashed size={16} aria-label="Open" className="mt-0.5 shrink-0 text-ink-3" />
            )}
            <div className="min-w-0 leading-[18px]">
              <span className={step === next ? "font-semibold" : step.done ? "" : "text-ink-2"}>
                {step.label}
              </span>
              <p className="text-[12px]/[17px] text-ink-3">
                {step.detail} <Way tenant={tenant} step={step} onReport={onReport} />
              </p>
              {step.by_hand && (
                <Button
                  small
                  className="mt-1"
                  aria-label={step.done ? `Not done: ${step.label}` : `Mark as done: ${step.label}`}
                  command={step.done ? `Not done: ${step.label}` : `Mark as done: ${step.label}`}
                  onClick={() => {
                    mark.run(tenant, step.step, !step.done);
                  }}
                >
                  {step.done ? "Not done" : "Mark as done"}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
