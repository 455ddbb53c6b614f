/** What a running sync says of itself; the shape of the `run-progress` event. */
export interface Progress {
  status: string;
  fetched: number;
  stored: number;
  duplicates: number;
  errors: number;
  pages: number;
  requests: number;
  retries: number;
  rate_limited: number;
  requests_per_second: number;
  budget_per_second: number | null;
  eta_seconds: number | null;
}

/** How long something still takes, in the words a person would use: never more exact than is known. */
export function remainingText(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) {
    return "time left not known yet";
  }
  if (seconds < 10) {
    return "a few seconds left";
  }
  if (seconds < 60) {
    return `about ${Math.round(seconds / 10) * 10} s left`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return `about ${minutes} min left`;
  }
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? `about ${hours} h left` : `about ${hours} h ${rest} min left`;
}

/** "4.2 of 5 req/s", what is used of the account's share; without a budget the rate alone. */
export function rateText(rate: number, budget: number | null): string {
  const used = rate.toLocaleString("en-GB", { maximumFractionDigits: 1 });
  return budget === null || budget <= 0
    ? `${used} req/s`
    : `${used} of ${budget.toLocaleString("en-GB", { maximumFractionDigits: 1 })} req/s`;
}

/** The used share of the budget, 0 to 1. */
export function budgetShare(rate: number, budget: number | null): number | null {
  return budget === null || budget <= 0 ? null : Math.min(1, Math.max(0, rate / budget));
}

/** Whether a run may still change. */
export function isLive(status: string): boolean {
  return status === "running";
}

/** What a run that stopped early needs; null where nothing is left to do. */
export function nextStep(status: string): string | null {
  if (status === "paused") {
    return "Resume it to go on where it stopped.";
  }
  return status === "failed" ? "Open the run to see the cause." : null;
}
