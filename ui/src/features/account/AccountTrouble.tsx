import { useQueryClient } from "@tanstack/react-query";

import { accountHref, useGo } from "../../app/go";
import type { AccountView } from "../../backend";
import { Button } from "../../components/Button";
import { Time } from "../../components/Figures";
import { toast } from "../../components/Toasts";
import { failureOf } from "../../components/failure";
import { sideOf } from "../../components/sides";
import { useTrial } from "./credentials/useTrial";
import { type Trouble, troubleOf } from "./trouble";

const PLACES: Record<NonNullable<Trouble["place"]>, { label: string; tab: string; section: string | null }> = {
  "sign-in": { label: "Sign in again", tab: "credentials", section: "sign-in" },
  rotate: { label: "Open credentials", tab: "credentials", section: "rotate" },
  connection: { label: "Open credentials", tab: "credentials", section: "connection" },
  scopes: { label: "Open scopes", tab: "credentials", section: "scopes" },
  runs: { label: "Open its runs", tab: "sync", section: null },
};

/** Why an account does not work, over whatever of it is open: the cause, whose side it is on, and the next step. */
export function AccountTrouble({ account }: { account: AccountView }) {
  const go = useGo();
  const client = useQueryClient();
  const trial = useTrial(account.id);
  const trouble = troubleOf(account);
  if (!trouble) {
    return null;
  }
  const { error, place, partly } = trouble;
  const { last_success_at: worked } = account.health;
  const way = place && PLACES[place];
  const testing = trial.busy !== null;
  const failed = trial.error ?? trial.report?.error ?? null;
  const failure = failed && failureOf(failed);
  const reading = testing ? trial.steps.at(-1)?.name.replaceAll("_", " ") : undefined;
  const test = (
    <Button
      key="test"
      small
      command={`Test the connection of ${account.id}`}
      busy={testing}
      onClick={() => {
        trial.run(
          { change: null, test: true, said: partly ? "" : "The connection works" },
          {
            // The account was read again by now: only that tells whether what was refused is allowed.
            onSuccess: (report) => {
              const now = client.getQueryData<AccountView>(["account", account.id]);
              if (partly && !report?.error && now && troubleOf(now) === null) {
                toast("Works now");
              }
            },
          },
        );
      }}
    >
      Test the connection
    </Button>
  );
  const open = way && (
    <Button
      key="open"
      small
      command={`${way.label}: ${account.id}`}
      onClick={() => {
        go(accountHref(account.id, way.tab, { section: way.section }));
      }}
    >
      {way.label}
    </Button>
  );
  return (
    <section
      aria-label="What is wrong"
      className={`shrink-0 border-b px-4 py-2 ${partly ? "border-warn/40 bg-warn-soft" : "border-bad/40 bg-bad-soft"}`}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <div className="min-w-64 flex-1">
          <p className="font-medium text-ink">{error.message}</p>
          {error.hint && <p className="text-ink-2">{error.hint}</p>}
          <p className="text-[12px] text-ink-2">
            {error.code !== null && (
              <>
                {sideOf(error.code)} · <code className="font-mono">{error.code}</code>
              </>
            )}
            {trouble.at !== null && (
              <>
                {error.code !== null && " · "}
                <Time at={trouble.at} />
              </>
            )}
            {worked !== null && !partly && (
              <>
                {(error.code !== null || trouble.at !== null) && " · "}
                worked last <Time at={worked} />
              </>
            )}
          </p>
        </div>
        <div className="flex shrink-0 items-center gap-2">
          {reading && <span className="text-[12px] text-ink-2">Testing: {reading}</span>}
          {/* Where a person is needed first, a test is the second thing to do. */}
          {place === "connection" || place === "runs" ? [test, open] : [open, test]}
        </div>
      </div>
      {failure && (
        <p role="alert" className="mt-1 text-bad">
          {failure.message} {failure.hint}
        </p>
      )}
      {partly && trial.report && !failure && (
        <p role="status" className="mt-1 text-ink">
          Still refused
        </p>
      )}
    </section>
  );
}
