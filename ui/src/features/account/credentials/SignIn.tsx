import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { type DeviceView, type SignInView, type TestReport, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Field, Input } from "../../../components/Field";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { DeviceCode } from "./DeviceCode";

type Going = { way: "browser"; begun: SignInView } | { way: "device"; device: DeviceView | null };

/** Signing in as a person: in the browser, by pasting where it came back to, or with a code on another device. */
export function SignIn({ account, ways }: { account: string; ways: readonly string[] }) {
  const client = useQueryClient();
  const [going, setGoing] = useState<Going | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const [report, setReport] = useState<TestReport | null>(null);
  const [pasted, setPasted] = useState("");
  // A sign-in that was given up must not say anything any more.
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
      void backend.cancelSignIn(account).catch(() => undefined);
    },
    [account],
  );

  const carry = async (sign: (mine: () => boolean) => Promise<TestReport>) => {
    turn.current += 1;
    const own = turn.current;
    const mine = () => turn.current === own;
    setFailure(null);
    setReport(null);
    try {
      const ended = await sign(mine);
      if (mine()) {
        setReport(ended);
        if (ended.status === "active") {
          toast("Signed in");
        }
      }
    } catch (error) {
      if (mine()) {
        setFailure(error instanceof Error ? error : new Error(String(error)));
      }
    } finally {
      if (mine()) {
        setGoing(null);
        setPasted("");
      }
      for (const key of ["account", "credentials", "credentialHistory", "overview"]) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    }
  };
  const inBrowser = () =>
    carry(async (mine) => {
      const begun = await backend.beginSignIn(account, true);
      if (mine()) {
        setGoing({ way: "browser", begun });
      }
      return backend.awaitSignIn(account);
    });
  const onDevice = () =>
    carry(async (mine) => {
      setGoing({ way: "device", device: null });
      return backend.signInOnDevice(account, (device) => {
        if (mine()) {
          setGoing({ way: "device", device });
        }
      });
    });
  const stop = () => {
    turn.current += 1;
    setGoing(null);
    setPasted("");
    void backend.cancelSignIn(account).catch(() => undefined);
  };
  const paste = () => {
    backend.pasteRedirect(account, pasted).catch((error: unknown) => {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    });
  };

  return (
    <section aria-labelledby="sign-in-heading" className="max-w-4xl">
      <h2 id="sign-in-heading" className="mb-2 text-[15px] font-semibold">
        Sign in
      </h2>
      <div className="flex flex-col gap-3 rounded-lg border border-line bg-panel p-3">
        {going === null ? (
          <div className="flex items-center gap-2">
            <p className="mr-auto text-ink-2">A person signs in at the provider; what comes back goes to the vault.</p>
            {ways.includes("browser") && (
              <Button
                tone="primary"
                command={`Sign in to ${account} with the browser`}
                // Ctrl-Enter in a form below must not send anybody to the browser.
                keys={undefined}
                onClick={() => void inBrowser()}
              >
                Sign in with the browser
              </Button>
            )}
            {ways.includes("device") && (
              <Button command={`Sign in to ${account} on another device`} onClick={() => void onDevice()}>
                On another device
              </Button>
            )}
          </div>
        ) : going.way === "browser" ? (
          <>
            <p role="status" className="flex flex-wrap items-center gap-2">
              {going.begun.listening
                ? "Waiting for the browser to come back. If none has opened, open the address yourself."
                : "This machine cannot listen for the browser: open the address, sign in, and paste where it came back to."}
              <CopyButton text label="Copy the address" command="Copy the address to sign in at" value={going.begun.url} />
              <Button command="Cancel the sign-in" onClick={stop}>
                Cancel
              </Button>
            </p>
            <form
              aria-label="Paste the address"
              className="flex items-end gap-2"
              onSubmit={(event) => {
                event.preventDefault();
                if (pasted.trim() !== "") {
                  paste();
                }
              }}
            >
              <div className="min-w-0 flex-1">
                <Field label="Address the browser came back to" optional={going.begun.listening} help={`It begins with ${going.begun.redirect_uri}`}>
                  {(control) => <Input {...control} value={pasted} onChange={(event) => setPasted(event.target.value)} />}
                </Field>
              </div>
              <Button type="submit" command="Use the pasted address" disabled={pasted.trim() === ""} className="mb-5">
                Use it
              </Button>
            </form>
          </>
        ) : (
          <DeviceCode device={going.device} onStop={stop} />
        )}
        {failure && <ErrorState compact error={failure} />}
        {report?.error && <ErrorState compact error={report.error} />}
      </div>
    </section>
  );
}
