import { useDeferredValue, useState } from "react";

import { backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { useAccountPlace } from "../useAccountPlace";
import { CallBrowser } from "./CallBrowser";

/** The calls tab: every request this account ever sent, from the audit. */
export function CallsScreen({ account }: { account: string }) {
  const place = useAccountPlace(account);
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const at = Number(place.get("call"));
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-3">
        <Input
          aria-label="Search the calls"
          placeholder="Search: path, status, error"
          className="max-w-80"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <CallBrowser
        label="Calls"
        queryKey={["calls", account, asked]}
        fetch={(offset, limit) => backend.calls(account, { text: asked, offset, limit })}
        open={Number.isInteger(at) && at > 0 ? at : null}
        onOpen={(seq) => place.change("calls", { call: seq === null ? null : String(seq) })}
        empty={
          asked === "" ? (
            <p className="p-4 text-ink-2">
              Nothing was sent yet.{" "}
              <Button small command="Run a test sync" onClick={() => place.open("sync", {})}>
                Run a test sync
              </Button>
            </p>
          ) : (
            <p className="p-4 text-ink-2">
              No call has “{asked}” in it.{" "}
              <Button small command="Clear the search of the calls" onClick={() => setText("")}>
                Clear the search
              </Button>
            </p>
          )
        }
      />
    </>
  );
}
