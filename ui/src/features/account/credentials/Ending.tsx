import { type ReactNode, useId } from "react";

import type { AccountView } from "../../../backend";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { ErrorState } from "../../../components/States";

/** What cannot be taken back, behind a question; production is typed first. */
export function Ending({
  account,
  heading,
  label,
  question,
  about,
  consequence,
  grave = false,
  disabled = false,
  busy,
  error,
  asking,
  onAsk,
  onConfirm,
}: {
  account: AccountView;
  heading: string;
  label: string;
  question: string;
  about: ReactNode;
  consequence: ReactNode;
  /** Nothing of the account is left. */
  grave?: boolean;
  disabled?: boolean;
  busy: boolean;
  error: Error | null;
  asking: boolean;
  onAsk: (asking: boolean) => void;
  /** With what was typed where that is asked for, else null. */
  onConfirm: (typed: string | null) => void;
}) {
  const id = useId();
  const production = account.kind !== "sandbox";
  return (
    <section aria-labelledby={id} className="max-w-4xl">
      <h2 id={id} className="mb-2 text-[15px] font-semibold">
        {heading}
      </h2>
      <div className={`flex items-start justify-between gap-6 rounded-lg border bg-panel p-3 ${grave ? "border-bad/40" : "border-line"}`}>
        <p className="text-ink-2">{about}</p>
        <Button tone="danger" command={`${label}: ${account.id}`} disabled={disabled} busy={busy} onClick={() => onAsk(true)}>
          {label}…
        </Button>
      </div>
      {error && (
        <div className="mt-2">
          <ErrorState compact error={error} />
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => onAsk(false)}
        onConfirm={() => onConfirm(production ? account.id : null)}
        title={question}
        confirmLabel={label}
        busy={busy}
        typed={production ? account.id : undefined}
        consequence={consequence}
      />
    </section>
  );
}
