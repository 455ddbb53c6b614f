import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../app/act";
import { useCall } from "../../app/queries";
import { backend } from "../../backend";
import { Button } from "../../components/Button";
import { ErrorState } from "../../components/States";

/** They are started with the program, which takes a moment; what is not there after this long does not come by itself. */
const PATIENCE_MS = 4_000;
const LOOK_EVERY_MS = 2_000;

/** Says that the sandbox's stand-in instances do not run, where accounts are connected to them, and starts them. */
export function SandboxStopped() {
  const [since] = useState(Date.now);
  const call = useCall();
  const sandbox = useQuery({
    queryKey: ["demoSandbox"],
    queryFn: () => backend.demoSandbox(),
    refetchInterval: ({ state }) => (state.data && !state.data.running ? LOOK_EVERY_MS : false),
  });
  const start = useAct(backend.startDemoSandbox, {
    stale: ["demoSandbox", "overview", "overviewTotals", "listAccounts", "account"],
  });
  const stopped =
    !call.data && sandbox.data?.running === false && sandbox.dataUpdatedAt - since > PATIENCE_MS;
  if (!stopped) {
    return null;
  }
  if (start.error) {
    return (
      <ErrorState
        compact
        error={start.error}
        onRetry={() => {
          start.run();
        }}
      />
    );
  }
  return (
    <div
      role="status"
      className="flex shrink-0 items-center justify-between gap-4 rounded-lg border border-line bg-warn-soft px-4 py-2"
    >
      <span>
        The sandbox&apos;s stand-in instances do not run: its accounts cannot be reached until they do.
      </span>
      <Button
        command="Start the sandbox's instances"
        busy={start.busy}
        onClick={() => {
          start.run();
        }}
      >
        Start them
      </Button>
    </div>
  );
}
