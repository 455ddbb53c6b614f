import type { Tone } from "./Badge";

const TONES: Record<string, Tone> = {
  active: "ok",
  connecting: "quiet",
  awaiting_credentials: "quiet",
  needs_reauth: "bad",
  validation_error: "warn",
  post_install_error: "warn",
};

/**
 * An account's status in words and colour, the same wherever it is shown; an unknown one is shown quietly rather than
 * hidden. An active account that keeps failing is `unhealthy`.
 */
export function accountStatus(status: string, healthy: boolean): { words: string; tone: Tone } {
  return status === "active" && !healthy
    ? { words: "unhealthy", tone: "bad" }
    : { words: status.replaceAll("_", " "), tone: TONES[status] ?? "quiet" };
}
