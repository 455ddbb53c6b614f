import type { ComparedField, FieldTotal } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Kbd } from "../../../components/Kbd";
import { count } from "../../../components/formats";
import { LevelChip } from "../LevelChip";
import { JsonValue } from "./JsonValue";
import { readsText } from "./links";
import { isFailing, statusWords } from "./statuses";

interface Props {
  field: ComparedField | null;
  total: FieldTotal | undefined;
  fetching: boolean;
  onEdit: ((tab: "impact" | "history") => void) | null;
  onFetch: () => void;
  onNextFailing: (field: string) => void;
  onCopy: (field: ComparedField) => void;
}

/** Whether there is a value to copy; of a masked one only that it is. */
export function hasCopy(field: Pick<ComparedField, "value" | "masked">): boolean {
  return field.value !== null || field.masked;
}

/** The chosen field: its expression whole, the level that won, what it reads, and what to do about it. */
export function FieldDetail({ field, total, fetching, onEdit, onFetch, onNextFailing, onCopy }: Props) {
  if (!field) {
    return (
      <div className="flex flex-1 flex-wrap content-center items-center gap-x-3 gap-y-1 px-3 text-ink-3">
        <span>Choose a unified field to see its expression and light up its sources.</span>
        <span className="whitespace-nowrap">
          <Kbd keys="J" /> <Kbd keys="K" /> go through the records
        </span>
        <span className="whitespace-nowrap">
          <Kbd keys="U" /> to the next unread raw field
        </span>
      </div>
    );
  }
  const words = statusWords(field.status);
  return (
    <section aria-label={`Field ${field.field}`} className="flex min-h-0 flex-1 flex-col gap-1.5 overflow-auto px-3 py-2" tabIndex={0}>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">{field.field}</h2>
        <Badge tone={words.tone}>{words.label}</Badge>
        <LevelChip level={field.level} />
        <span className="text-ink-3">{words.help}</span>
        <span className="ml-auto flex items-center gap-2">
          {field.status === "not_fetched" && (
            <Button small command={`Fetch what ${field.field} reads`} busy={fetching} onClick={onFetch}>
              Fetch it
            </Button>
          )}
          {(isFailing(field.status) || (total?.failing ?? 0) > 0) && (
            <Button small onClick={() => onNextFailing(field.field)}>
              Next failing{total ? ` of ${count(total.failing)}` : ""} <Kbd keys="N" />
            </Button>
          )}
          {hasCopy(field) && (
            <Button small tone="ghost" onClick={() => onCopy(field)}>
              {field.masked ? "Copy masked value" : "Copy value"} <Kbd keys="C" />
            </Button>
          )}
          {onEdit && (
            <>
              <Button small tone="ghost" onClick={() => onEdit("history")}>
                History <Kbd keys="H" />
              </Button>
              <Button small onClick={() => onEdit("impact")}>
                Edit mapping <Kbd keys="E" />
              </Button>
            </>
          )}
        </span>
      </div>
      <pre className="font-mono text-code whitespace-pre-wrap">{field.expression ?? "not mapped"}</pre>
      <p className="text-ink-3">
        {readsText(field.reads)}
        {field.message !== null && (
          <span className="text-bad">
            {" · "}
            {field.position ? `line ${field.position.line}, column ${field.position.column}: ` : ""}
            {field.message}
          </span>
        )}
      </p>
      <div>
        <JsonValue json={field.value} />
        {field.cut && <span className="text-ink-3"> (cut here; Copy value copies all of it)</span>}
      </div>
    </section>
  );
}
