/** A way to sync, with what it does to whom said before it is started. */
export interface ModeWords {
  mode: string;
  label: string;
  /** What it is for, one line. */
  purpose: string;
  /** What happens here and at the provider. */
  consequences: readonly string[];
}

export const MODES: readonly ModeWords[] = [
  {
    mode: "test",
    label: "Test",
    purpose: "A look at the newest records.",
    consequences: [
      "Reads a few pages of whole records, 4 unless you say otherwise: newest first, then across statuses.",
      "Shows every field, custom ones too.",
      "Writes nothing at the provider.",
    ],
  },
  {
    mode: "full",
    label: "Full",
    purpose: "Every record there is.",
    consequences: [
      "Reads all records, only the fields the mapping needs unless you ask for all.",
      "Marks records that are gone at the provider as deleted here; nothing is purged.",
      "Writes nothing at the provider.",
    ],
  },
  {
    mode: "incremental",
    label: "Incremental",
    purpose: "What changed since the last completed run.",
    consequences: [
      "Reads records changed since the last watermark, with some overlap.",
      "Deletions are not seen; a full run finds them.",
      "Writes nothing at the provider.",
    ],
  },
  {
    mode: "unexported",
    label: "Unexported",
    purpose: "What the customer's integration has not picked up yet.",
    consequences: [
      "Reads records whose exported flag is off.",
      "The flag is a queue shared with the customer's live integration: it is left as it is unless you mark records.",
    ],
  },
];

/** A mode in words; one this window does not know is shown as it is. */
export function modeWords(mode: string): ModeWords {
  return (
    MODES.find((known) => known.mode === mode) ?? {
      mode,
      label: mode,
      purpose: "",
      consequences: [],
    }
  );
}

/** What has to be typed before the start, or null. Marking takes records out of a queue the customer's integration reads. */
export function confirmationFor(
  account: { tenant: string; kind: string },
  options: { mode: string; markExported: boolean },
): string | null {
  const marks = options.mode === "unexported" && options.markExported;
  return marks ? account.tenant : null;
}

/** Pages of a test from a text field: a whole number from 1, or null for the usual few. Undefined where it is neither. */
export function parsePages(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === "") {
    return null;
  }
  const pages = Number(trimmed);
  return Number.isInteger(pages) && pages >= 1 && pages <= 100_000 ? pages : undefined;
}

/** The share of the instance's budget in percent, 1 to 100; null leaves the account's own share. */
export function parseBudget(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/\s*%$/, "");
  if (trimmed === "") {
    return null;
  }
  const share = Number(trimmed);
  return Number.isInteger(share) && share >= 1 && share <= 100 ? share : undefined;
}
