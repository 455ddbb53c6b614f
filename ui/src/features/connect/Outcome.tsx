import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";

import { accountHref, useGo } from "../../app/go";
import { Button, Spinner } from "../../components/Button";
import { ErrorState } from "../../components/States";
import { DeviceCode } from "../account/credentials/DeviceCode";
import { LiveSteps } from "./LiveSteps";
import type { useConnecting } from "./useConnecting";

/** How the try to connect goes, and what comes after it. */
export function Outcome({
  connecting,
  action,
  onRetry,
}: {
  connecting: ReturnType<typeof useConnecting>;
  /** The next step of a failure, where it is a special one. */
  action: ReactNode;
  onRetry: () => void;
}) {
  const go = useGo();
  const { state, signIn, steps, report, error, added } = connecting;
  const active = report?.status === "active";
  return (
    <section aria-labelledby="outcome" className="rounded-lg border border-line bg-panel p-4">
      <h2 id="outcome" className="mb-3 flex items-center gap-2 font-semibold">
        {active && <CircleCheck size={16} aria-hidden className="text-ok" />}
        {state === "adding"
          ? "Storing the credential"
          : state === "testing"
            ? "Connecting"
            : active
              ? "Connected"
              : "Not connected yet"}
        {state !== "done" && <Spinner />}
      </h2>
      {state === "testing" && signIn === "browser" && (
        <div className="mb-3 flex flex-col items-start gap-2 text-ink-2">
          <p>
            Sign in in the browser window that opened. It says when it can be closed. Where none opens, the account&apos;s Credentials tab
            signs in by a copied address or on another device.
          </p>
          <Button onClick={connecting.stop}>Stop waiting</Button>
        </div>
      )}
      {state === "testing" && signIn === "device" && (
        <DeviceCode device={connecting.device} onStop={connecting.stop} />
      )}
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
          {report.missing_scopes.length > 0 && (
            <p className="mt-2 text-[12px] text-ink-2">
              Missing scopes:{" "}
              <code className="font-mono">{report.missing_scopes.join(" ")}</code>. Send the
              administrator the message again with these.
            </p>
          )}
        </div>
      )}
      {added && state === "done" && (
        <div className="mt-4 flex gap-2">
          <Button
            tone={active ? "primary" : "plain"}
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
