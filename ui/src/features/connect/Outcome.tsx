import { CircleCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { accountHref, useGo } from "../../app/go";
import { backend } from "../../backend";
import { Button, Spinner } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { ErrorState } from "../../components/States";
import { DeviceCode } from "../account/credentials/DeviceCode";
import { LiveSteps } from "./LiveSteps";
import { readsOf } from "./steps";
import type { useConnecting } from "./useConnecting";

/** What became of it, in a line. */
function headline(active: boolean, made: number, failed: number, refused: boolean): string {
  if (!active) {
    return "Not connected yet";
  }
  if (failed === 0) {
    return "Connected";
  }
  const what = !refused ? "failed" : failed === 1 ? "was refused" : "were refused";
  return `Connected, but ${String(failed)} of ${String(made)} reads ${what}`;
}

/** How the try to connect goes, and what comes after it. */
export function Outcome({
  connecting,
  resources,
  action,
  onRetry,
}: {
  connecting: ReturnType<typeof useConnecting>;
  /** What can be synced, by key. */
  resources: string[];
  /** The next step of a failure, where it is a special one. */
  action: ReactNode;
  onRetry: () => void;
}) {
  const go = useGo();
  const { state, signIn, steps, report, notes, error, added } = connecting;
  const active = report?.status === "active";
  const missing = report?.missing_scopes ?? [];
  const { made, failed } = readsOf(steps, resources);
  return (
    <section aria-labelledby="outcome" className="rounded-lg border border-line bg-panel p-4">
      <h2 id="outcome" className="mb-3 flex items-center gap-2 font-semibold">
        {active &&
          (failed === 0 ? (
            <CircleCheck size={16} aria-hidden className="text-ok" />
          ) : (
            <TriangleAlert size={16} aria-hidden className="shrink-0 text-warn" />
          ))}
        {state === "adding"
          ? "Storing the credential"
          : state === "testing"
            ? "Connecting"
            : headline(active, made, failed, missing.length > 0)}
        {state !== "done" && <Spinner />}
      </h2>
      {state === "testing" && signIn === "browser" && (
        <div className="mb-3 flex flex-col items-start gap-2 text-ink-2">
          <p>
            Sign in in the browser window that opened. It says when it can be closed. Where none opens, the account&apos;s Credentials tab
            signs in by a copied address or on another device.
          </p>
          <Button command="Stop waiting for the browser" onClick={connecting.stop}>
            Stop waiting
          </Button>
        </div>
      )}
      {state === "testing" && signIn === "device" && (
        <DeviceCode device={connecting.device} onStop={connecting.stop} />
      )}
      {notes.map((note) => (
        <p key={note} className="mb-2 text-ink-2">
          {note}
        </p>
      ))}
      {steps.length > 0 && <LiveSteps steps={steps} />}
      {error && (
        <ErrorState
          compact
          error={error}
          {...(action ? { action } : { onRetry })}
        />
      )}
      {report && !active && (
        <div className="mt-3">
          <ErrorState
            compact
            error={
              report.error ?? {
                code: report.status,
                message: "The connection test did not pass.",
                hint: "Look at the failed step, change what it names, and try again.",
              }
            }
            onRetry={onRetry}
          />
        </div>
      )}
      {added && missing.length > 0 && (
        <div className="mt-3 flex flex-col items-start gap-2">
          <p className="text-[12px] text-ink-2">
            Missing scopes: <code className="font-mono">{missing.join(" ")}</code>. Send the administrator the message
            again, which lists them, and test the connection when they are allowed.
          </p>
          <CopyButton
            text
            label="Copy the message"
            command="Copy the message to the administrator"
            value={() => backend.adminMessage(added)}
          />
        </div>
      )}
      {added && state === "done" && (
        <div className="mt-4 flex gap-2">
          <Button
            tone={active ? "primary" : "plain"}
            command={`Open ${added}`}
            onClick={() => {
              go(accountHref(added));
            }}
          >
            Open {added}
          </Button>
        </div>
      )}
    </section>
  );
}
