import { Badge, type Tone } from "./Badge";
import { Spinner } from "./Button";

const TONES: Record<string, Tone> = {
  active: "ok",
  connecting: "quiet",
  awaiting_credentials: "quiet",
  needs_reauth: "bad",
  validation_error: "warn",
  post_install_error: "warn",
};

/** An account's status in words and colour; an unknown one is shown quietly rather than hidden. An active account that keeps failing is `unhealthy`. */
export function StatusBadge({ status, healthy = true }: { status: string; healthy?: boolean }) {
  if (status === "active" && !healthy) {
    return <Badge tone="bad">unhealthy</Badge>;
  }
  return (
    <Badge tone={TONES[status] ?? "quiet"}>
      {status === "connecting" && <Spinner />}
      {status.replaceAll("_", " ")}
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
