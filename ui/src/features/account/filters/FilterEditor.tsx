import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { useStored } from "../../../app/place";
import { type AccountView, type FilterRow, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { Kbd } from "../../../components/Kbd";
import { Menu, type MenuItem } from "../../../components/Menu";
import { Select } from "../../../components/Select";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { useCommand, useMainAction } from "../../../keyboard/commands";
import { ExpressionEditor } from "../jsonata/ExpressionEditor";
import { syntaxFault } from "../jsonata/reference";
import { HistoryPanel } from "../mapping/HistoryPanel";
import { fallsBackTo, hiddenLevels, resourceAt, scopeOf, writableLevels } from "../mapping/editedField";
import { marksOf } from "../mapping/useDraft";
import { FilterTrial } from "./FilterTrial";
import { firstTrial, valueText, vocabularyOf } from "./filterRow";
import { useFilterChange } from "./useFilterChange";
import { useFilterTrial } from "./useFilterTrial";

interface Props {
  account: Pick<AccountView, "id" | "environment">;
  model: string;
  resource: string;
  filters: readonly FilterRow[];
  filter: FilterRow;
}

/** A draft that outlives the window until it is saved or thrown away. */
interface Draft {
  expression: string;
  level: string;
}

/** The editor of what one filter asks the provider for: its expression, a value to try it with, its note and history. */
export function FilterEditor({ account, model, resource, filters, filter }: Props) {
  const inForce = filter.expression ?? "";
  const [stored, setStored] = useStored<Draft | null>(`draft:${account.id}:${model}:${resource}:filter:${filter.name}`, null);
  const draft: Draft = {
    expression: inForce,
    level: filter.level === "environment" && account.environment !== null ? "environment" : "account",
    ...stored,
  };
  const [typed, setTyped] = useState(() => firstTrial(filter));
  const [note, setNote] = useState("");
  const [history, setHistory] = useState(false);
  const completions = useQuery({
    queryKey: ["completions", account.id, model, resource],
    queryFn: () => backend.completions(account.id, model, resource),
  });
  const vocabulary = useMemo(() => vocabularyOf(filters, filter, completions.data), [filters, filter, completions.data]);
  const marks = useMemo(() => (draft.expression === "" ? [] : marksOf(draft.expression, null, [])), [draft.expression]);
  const parses = syntaxFault(draft.expression) === null;
  const changed = draft.expression !== inForce;
  const savable = parses && changed;
  const place = { account: account.id, model, resource, filter: filter.name };
  const tried = useFilterTrial(place, parses ? draft.expression : null, typed);
  const scope = scopeOf(draft.level, account);
  const of = resourceAt(filter.levels, draft.level, resource);
  const which = useMemo(
    () => ({ level: draft.level, scope, model, resource: of, field: filter.name, request: true }),
    [draft.level, scope, model, of, filter.name],
  );
  const change = useFilterChange(which, () => {
    setStored(null);
    setNote("");
  });
  const save = () => {
    if (savable) {
      void change.save(draft.expression, note);
    }
  };
  const discard = () => {
    setStored(null);
    toast(`The draft of ${filter.name} is discarded`, { undo: () => setStored(stored) });
  };
  // Also while there is nothing to save: the keys must not reach what lies under the dialog.
  useMainAction(`Save ${filter.name}`, save);
  useCommand({
    id: "override-history",
    label: `History of ${filter.name}`,
    group: "This screen",
    keys: "Mod+Shift+H",
    run: () => setHistory((shown) => !shown),
  });
  const written = filter.levels.some((each) => each.level === draft.level);
  const below = fallsBackTo(filter.levels, draft.level);
  const items: MenuItem[] = [
    ...(written
      ? [{ label: `Take the override away${below === null ? "" : `: back to ${below}`}`, run: () => void change.withdraw() }]
      : []),
    ...(filter.expression === null ? [] : [{ label: "No longer ask by it here", danger: true, run: () => void change.save(null, note) }]),
  ];
  return (
    <section aria-label={`Filter ${filter.name}`} className="flex min-w-0 flex-1 flex-col gap-2 overflow-auto">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-semibold">{filter.name}</h3>
        <span className="text-ink-3">{valueText(filter)}</span>
        {changed && <Badge tone="read">draft</Badge>}
        {of === null && <span className="text-ink-3">for every resource of this model</span>}
        {draft.level === "environment" && filter.level === "account" && <Badge tone="warn">hidden by a narrower level</Badge>}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label="Level"
          value={draft.level}
          options={writableLevels(account.environment).map((level) => ({ value: level, label: level, detail: scopeOf(level, account) }))}
          onChange={(level) => setStored({ ...draft, level })}
        />
        <span className="ml-auto flex items-center gap-2">
          {items.length > 0 && (
            <Menu
              trigger={
                <Button small tone="ghost">
                  More
                </Button>
              }
              items={items}
            />
          )}
          {changed && (
            <Button small tone="ghost" onClick={discard}>
              Discard
            </Button>
          )}
          <Button small tone="primary" busy={change.busy} disabled={!savable} onClick={save}>
            Save version <Kbd keys="Mod+Enter" />
          </Button>
        </span>
      </div>
      <ExpressionEditor
        label={`What ${filter.name} asks for`}
        hint={'What the provider is asked for, such as { "status": { "eq": status } }'}
        value={draft.expression}
        vocabulary={vocabulary}
        marks={marks}
        onChange={(expression) => setStored({ ...draft, expression })}
        onSubmit={save}
      />
      <FilterTrial filter={filter} expression={draft.expression} typed={typed} tried={tried} onType={setTyped} />
      {change.failure && <ErrorState compact error={change.failure} />}
      <Input
        aria-label="Note on this version"
        placeholder="Note: why this change. Enter saves"
        value={note}
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            save();
          }
        }}
      />
      {hiddenLevels(filter).map((level) => (
        <p key={level.level} className="truncate text-ink-3">
          {level.level} {level.expression === null ? "does not ask by it" : "gives "}
          {level.expression !== null && <code className="font-mono text-code">{level.expression}</code>}
        </p>
      ))}
      <span>
        <Button small tone="ghost" aria-expanded={history} onClick={() => setHistory(!history)}>
          History <Kbd keys="Mod+Shift+H" />
        </Button>
      </span>
      {history && (
        <div className="flex h-48 shrink-0 flex-col rounded-md border border-line">
          <HistoryPanel which={which} resource={resource} refresh={change.refresh} />
        </div>
      )}
    </section>
  );
}
