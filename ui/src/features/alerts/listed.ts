import type { AlertView } from "../../backend";
import type { Tone } from "../../components/Badge";

/** The headings of the list, in its order. */
export const STATES: { state: string; heading: string; tone: Tone }[] = [
  { state: "active", heading: "Wrong now", tone: "bad" },
  { state: "due", heading: "Due", tone: "warn" },
  { state: "acknowledged", heading: "Seen", tone: "quiet" },
  { state: "snoozed", heading: "Snoozed", tone: "quiet" },
  { state: "upcoming", heading: "To come", tone: "quiet" },
  { state: "resolved", heading: "Resolved lately", tone: "ok" },
];

function rank(alert: AlertView): number {
  const at = STATES.findIndex((each) => each.state === alert.state);
  return at < 0 ? STATES.length : at;
}

/** Alerts as they are listed: by state, what falls due first before the rest, what was resolved last before the rest. */
export function listed(alerts: AlertView[]): AlertView[] {
  const at = (alert: AlertView) =>
    alert.resolved_at === null ? Date.parse(alert.due_at) : -Date.parse(alert.resolved_at);
  return alerts.toSorted((a, b) => rank(a) - rank(b) || at(a) - at(b));
}
