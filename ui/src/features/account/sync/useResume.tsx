import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type ResumeOptions, backend } from "../../../backend";
import { toastError } from "../../../components/Toasts";
import { type Asked, ResumeDialog } from "./ResumeDialog";
import { questionsOf } from "./resuming";

const NOTHING_SAID: ResumeOptions = { pages: null, mark_exported: null, confirm: null };

/**
 * Takes runs up again as they were asked for. Only what a run does not tell is asked, and what has to be typed before
 * records are marked; `dialog` is where.
 */
export function useResume(): { resume: (run: string) => void; busy: string | null; dialog: ReactNode } {
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const goOn = async (run: string, options: ResumeOptions) => {
    await backend.resumeSync(run, options);
    setAsked(null);
    await Promise.all(["run", "runs"].map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
  const begin = async (id: string) => {
    const run = await backend.run(id);
    const [account, quiet] = await Promise.all([backend.account(run.account), backend.quietNow(run.account)]);
    const questions = questionsOf(run.mode, run.resume, quiet);
    if (questions) {
      setAsked({ run, account, questions });
    } else {
      await goOn(id, NOTHING_SAID);
    }
  };
  const resume = (run: string) => {
    if (busy === null) {
      setBusy(run);
      void begin(run)
        .catch(toastError)
        .finally(() => setBusy(null));
    }
  };
  const dialog = asked && (
    <ResumeDialog
      key={asked.run.run}
      asked={asked}
      onClose={() => setAsked(null)}
      onResume={(options) => goOn(asked.run.run, options)}
    />
  );
  return { resume, busy, dialog };
}
