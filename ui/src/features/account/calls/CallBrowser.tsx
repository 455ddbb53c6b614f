import type { ReactNode } from "react";

import type { CallPage, CallRow } from "../../../backend";
import { Split } from "../../../components/Split";
import { ErrorState, Skeleton } from "../../../components/States";
import { useCommand } from "../../../keyboard/commands";
import { usePages } from "../usePages";
import { useReturnFocus } from "../useReturnFocus";
import { CallPanel } from "./CallPanel";
import { CallTable } from "./CallTable";

/** A list of requests beside the one that is open. */
export function CallBrowser({
  label,
  queryKey,
  fetch,
  open,
  onOpen,
  empty,
}: {
  label: string;
  queryKey: readonly unknown[];
  fetch: (offset: number, limit: number) => Promise<CallPage>;
  open: number | null;
  onOpen: (seq: number | null) => void;
  empty: ReactNode;
}) {
  const focus = useReturnFocus();
  const close = () => {
    onOpen(null);
    focus.giveBack('[role="grid"]');
  };
  // Also while the call is still being read, or cannot be.
  useCommand(
    open === null
      ? null
      : { id: "close-call", label: `Close call ${open}`, group: "This screen", keys: "Escape", hidden: true, run: close },
  );
  const { answer, rowAt, onRange, error, refetch } = usePages<CallRow, CallPage>({ queryKey, fetch });
  if (error) {
    return <ErrorState error={error} onRetry={refetch} />;
  }
  if (!answer) {
    return <Skeleton className="p-3" lines={8} />;
  }
  const table = (
    <CallTable label={label} total={answer.total} rowAt={rowAt} onRange={onRange} selected={open} onOpen={onOpen} empty={empty} />
  );
  return open === null ? (
    table
  ) : (
    <Split
      name="calls"
      className="flex-1"
      panes={[
        { id: "list", size: 52, min: 320, label: "calls", content: table },
        {
          id: "call",
          size: 48,
          min: 320,
          label: "call",
          content: <CallPanel key={open} seq={open} onClose={close} onOpen={onOpen} />,
        },
      ]}
    />
  );
}
