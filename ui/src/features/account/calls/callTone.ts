import type { Tone } from "../../../components/Badge";

/** The colour of an HTTP status; no answer at all is as bad as a refusal. */
export function callTone(status: number | null): Tone {
  if (status === null || status >= 500) {
    return "bad";
  }
  if (status === 429) {
    return "warn";
  }
  return status >= 400 ? "bad" : status >= 300 ? "quiet" : "ok";
}
