import type { Tone } from "../../../components/Badge";

export interface StatusWords {
  label: string;
  tone: Tone;
  /** What it means and what to do, for the tool tip and the screen reader. */
  help: string;
}

const WORDS: Record<string, StatusWords> = {
  ok: { label: "ok", tone: "ok", help: "A value of the model's type." },
  empty: { label: "empty", tone: "quiet", help: "The record has no value here." },
  missing: {
    label: "missing",
    tone: "bad",
    help: "The model requires a value and the record gives none.",
  },
  unknown_value: {
    label: "unknown value",
    tone: "warn",
    help: "The text is not among those the model knows.",
  },
  wrong_type: { label: "wrong type", tone: "bad", help: "The value is not of the model's type." },
  error: { label: "error", tone: "bad", help: "The expression ended with an error." },
  not_fetched: {
    label: "not fetched",
    tone: "warn",
    help: "The expression reads what was not fetched with this record. Fetch it to see the value.",
  },
};

/** A field's status in words; one this window does not know is shown as it is. */
export function statusWords(status: string): StatusWords {
  return WORDS[status] ?? { label: status.replaceAll("_", " "), tone: "quiet", help: "" };
}

/** Whether a field needs somebody: what "next failing" looks for. */
export function isFailing(status: string): boolean {
  return ["missing", "wrong_type", "error", "unknown_value"].includes(status);
}

export interface StatusCount {
  status: string;
  count: number;
}

const ORDER = ["ok", "not_fetched", "unknown_value", "missing", "wrong_type", "error", "empty"];

/** How many fields came out how: the summary over the unified pane. Empty ones are not worth a badge. */
export function countStatuses(fields: readonly { status: string }[]): StatusCount[] {
  const counts = new Map<string, number>();
  for (const { status } of fields) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts]
    .filter(([status]) => status !== "empty")
    .map(([status, count]) => ({ status, count }))
    .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}
