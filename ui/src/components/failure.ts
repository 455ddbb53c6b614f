import { BackendError } from "../backend";
import { sideOf } from "./sides";

/** What failed, as users are told of it. */
export interface Failure {
  code: string;
  message: string;
  /** The next step. */
  hint: string | null;
  /** Whose side it is on, in words. */
  side: string;
}

/** A failure the shell reported, here or in what it keeps. */
export interface Reported {
  code: string;
  message: string;
  hint?: string | null | undefined;
}

// What the window itself got wrong: nobody wrote a next step for that.
const OWN_STEP = "Try again. If it stays, close the window, open it again and report this.";

function isReported(error: unknown): error is Reported {
  return (
    error instanceof BackendError ||
    (typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error)
  );
}

/** What to say of anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (isReported(error)) {
    return { code: error.code, message: error.message, hint: error.hint ?? null, side: sideOf(error.code) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message, hint: OWN_STEP, side: sideOf("internal") };
}

/** A failure as a text to send to somebody. */
export function detailsOf({ code, message, hint }: Failure): string {
  return `${code}: ${message} ${hint ?? ""}`.trim();
}
