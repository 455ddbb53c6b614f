import { Badge, type Tone } from "./Badge";
import { Spinner } from "./Button";
import { accountStatus } from "./accountStatus";

/** An account's status. */
export function StatusBadge({ status, healthy = true }: { status: string; healthy?: boolean }) {
  const { words, tone } = accountStatus(status, healthy);
  return (
    <Badge tone={tone}>
      {status === "connecting" && <Spinner />}
      {words}
    </Badge>
  );
}

const RUNS: Record<string, Tone> = {
  completed: "ok",
  running: "accent",
  paused: "warn",
  failed: "bad",
  cancelled: "quiet",
};

/** A run's status. */
export function RunBadge({ status }: { status: string }) {
  return (
    <Badge tone={RUNS[status] ?? "quiet"}>
      {status === "running" && <Spinner />}
      {status}
    </Badge>
  );
}
