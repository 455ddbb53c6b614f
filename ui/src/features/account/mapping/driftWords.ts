import type { DriftChange, ResourceDrift } from "../../../backend";
import type { Tone } from "../../../components/Badge";
import { count, counted } from "../../../components/formats";

/** What a kind of change is called, of one path and of several. */
const MANY: Record<string, [string, string]> = {
  gone: ["gone", "gone"],
  type: ["other type", "other types"],
  words: ["with new values", "with new values"],
  new: ["new", "new"],
  back: ["back", "back"],
};

const KINDS: Record<string, { word: string; tone: Tone }> = {
  gone: { word: "gone", tone: "bad" },
  type: { word: "other type", tone: "warn" },
  words: { word: "new values", tone: "warn" },
  new: { word: "new", tone: "accent" },
  back: { word: "back", tone: "ok" },
};

/** What a kind of change is called, with its colour. */
export function kindOf(change: Pick<DriftChange, "kind">): { word: string; tone: Tone } {
  return KINDS[change.kind] ?? { word: change.kind, tone: "quiet" };
}

/** What a change says beyond its path: types, values, how many records. */
export function detailOf(change: DriftChange): string {
  const records = change.of > 0 ? `${count(change.present)} of ${counted(change.of, "record")}` : "no record was asked for it";
  switch (change.kind) {
    case "type":
      return `${change.before.join(", ")} became ${change.after.join(", ")}`;
    case "words":
      return `besides ${change.before.join(", ")} now ${change.after.join(", ")}`;
    default:
      return records;
  }
}

/** One line that says what changed, or null where nothing did: "1 gone, 2 new". */
export function summaryOf(drift: Pick<ResourceDrift, "changes" | "gone"> | undefined): string | null {
  if (!drift) {
    return null;
  }
  const kinds = Object.entries(MANY).flatMap(([kind, words]) => {
    const many = drift.changes.filter((change) => change.kind === kind).length;
    return many > 0 ? [counted(many, ...words)] : [];
  });
  if (kinds.length > 0) {
    return kinds.join(", ");
  }
  const mapped = drift.gone.filter((each) => each.read_by.length > 0).length;
  return mapped > 0 ? `${counted(mapped, "mapped path")} still gone` : null;
}
