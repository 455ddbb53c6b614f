import { type AccountView, faultSides } from "../../backend";
import type { Reported } from "../../components/failure";
import { counted } from "../../components/formats";

/** What is wrong with an account, and where it is put right. */
export interface Trouble {
  error: Omit<Reported, "code"> & { code: string | null };
  /** When it was met last. */
  at: string | null;
  /** The place to go to; null where testing it is what helps. */
  place: "sign-in" | "rotate" | "scopes" | "connection" | "runs" | null;
  /** Nothing stands still: only a part of what was asked for cannot be read. */
  partly: boolean;
}

// A person signs in at the provider.
const SIGN_IN = ["authorization_code", "device_code"];

/** The last error, unless something went well since. */
function errorSince({ last_error: error, last_success_at: success }: AccountView["health"]) {
  const over = error?.at && success && Date.parse(success) > Date.parse(error.at);
  return error && !over ? error : null;
}

/** Whether an error can be why a person has to sign in again, or to enter credentials: what the network or this machine
 * got wrong cannot, and what a permission is missing for is asked for elsewhere. */
function asksForPerson(code: string): boolean {
  const side = Object.hasOwn(faultSides, code) ? faultSides[code as keyof typeof faultSides] : null;
  return side === "customer" && code !== "forbidden";
}

function untold(message: string, hint: string): Trouble["error"] {
  return { code: null, message, hint };
}

/** What keeps an account from working, the worst of it; null where it works, or was never connected. */
export function troubleOf(account: AccountView): Trouble | null {
  const { grant, health, status } = account;
  const { last_forbidden: refused } = health;
  const found = errorSince(health);
  const inRow = health.failed_runs > 1 ? `${counted(health.failed_runs, "run")} in a row failed. ` : "";
  const refusal = (before: string, partly: boolean): Trouble | null =>
    refused && {
      error: { code: "forbidden", message: before + refused.message, hint: refused.hint },
      at: refused.occurred_at,
      place: "scopes",
      partly,
    };
  const trouble = (known: typeof found, otherwise: Trouble["error"], place: Trouble["place"]): Trouble => {
    const error = known ?? otherwise;
    // What was refused says more than the error that came of it.
    return (
      (error.code === "forbidden" ? refusal(inRow, false) : null) ?? {
        error: { ...error, message: inRow + error.message },
        at: known?.at ?? null,
        place,
        partly: false,
      }
    );
  };
  switch (status) {
    case "needs_reauth": {
      const signsIn = SIGN_IN.includes(grant);
      const cause = found && asksForPerson(found.code) ? found : null;
      return signsIn
        ? trouble(cause, untold("The account cannot be used until somebody signs in again.", "Sign in again."), "sign-in")
        : trouble(
            cause,
            untold(
              "The account cannot be used until its credentials are tested or replaced.",
              "Test the connection, or enter new credentials.",
            ),
            "rotate",
          );
    }
    case "validation_error":
    case "post_install_error":
      return trouble(found, untold("The last connection test did not pass.", "Test the connection to see why."), "connection");
    case "active":
      if (!health.healthy) {
        return trouble(found, untold("Why was not kept.", "Look at its runs, or test the connection."), "runs");
      }
      return refusal("", true);
    default:
      return null;
  }
}
