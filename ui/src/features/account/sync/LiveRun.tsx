import { Pause, X } from "lucide-react";
import { useState } from "react";

import { type RunProgress, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { RunBadge } from "../../../components/StatusBadge";
import { toastError } from "../../../components/Toasts";
import { count } from "../../../components/formats";
import { budgetShare, isLive, nextStep, rateText, remainingText } from "./progress";

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-micro text-ink-3">{label}</dt>
      <dd className="font-medium tabular-nums">{value}</dd>
    </div>
  );
}

/** A run while it goes on: what it has, how fast it goes against the budget, how long it still takes. */
export function LiveRun({
  progress,
  label,
  resuming,
  onOpen,
  onResume,
}: {
  progress: RunProgress;
  label: string;
  /** Whether it is being taken up again. */
  resuming: boolean;
  onOpen: () => void;
  onResume: () => void;
}) {
  const [stopping, setStopping] = useState<"pause" | "cancel" | null>(null);
  const share = budgetShare(progress.requests_per_second, progress.budget_per_second);
  const live = isLive(progress.status);
  const stop = (how: "pause" | "cancel") => {
    setStopping(how);
    (how === "pause" ? backend.pauseSync(progress.run) : backend.cancelSync(progress.run)).then(
      () => setStopping(null),
      (error: unknown) => {
        setStopping(null);
        toastError(error);
      },
    );
  };
  const next = nextStep(progress.status);
  return (
    <section aria-label={`Sync of ${label}`} className="rounded-lg border border-line bg-panel p-3">
      <div className="flex items-center gap-2">
        <h2 className="font-semibold">{label}</h2>
        <RunBadge status={progress.status} />
        <span className="text-ink-2">{live ? remainingText(progress.eta_seconds) : (next ?? "")}</span>
        <span className="ml-auto flex gap-2">
          {live && (
            <>
              <Button
                small
                command={`Pause the sync of ${label}`}
                icon={<Pause size={13} aria-hidden />}
                busy={stopping === "pause"}
                onClick={() => stop("pause")}
              >
                Pause
              </Button>
              <Button
                small
                command={`Cancel the sync of ${label}`}
                icon={<X size={13} aria-hidden />}
                busy={stopping === "cancel"}
                onClick={() => stop("cancel")}
              >
                Cancel
              </Button>
            </>
          )}
          {progress.status === "paused" && (
            <Button small command={`Resume the sync of ${label}`} busy={resuming} onClick={onResume}>
              Resume
            </Button>
          )}
          <Button small command={`Open the run of ${label}`} onClick={onOpen}>
            Open the run
          </Button>
        </span>
      </div>
      <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1" aria-live="off">
        <Figure label="records" value={count(progress.stored)} />
        <Figure label="errors" value={count(progress.errors)} />
        <Figure label="duplicates" value={count(progress.duplicates)} />
        <Figure label="pages" value={count(progress.pages)} />
        <Figure label="requests" value={count(progress.requests)} />
        <Figure label="retries" value={count(progress.retries)} />
        <Figure label="rate limited" value={count(progress.rate_limited)} />
        <Figure label="rate of the budget" value={rateText(progress.requests_per_second, progress.budget_per_second)} />
      </dl>
      {live && share !== null && (
        <div
          role="meter"
          aria-label="Used share of the budget"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          className="mt-2 h-1 overflow-hidden rounded-full bg-line"
        >
          <div className={`h-full ${share > 0.8 ? "bg-warn" : "bg-accent"}`} style={{ width: `${Math.round(share * 100)}%` }} />
        </div>
      )}
    </section>
  );
}
