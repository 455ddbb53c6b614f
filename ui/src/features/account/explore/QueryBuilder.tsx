import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";

import { type ResourceRow, backend } from "../../../backend";
import { Button, IconButton } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { ErrorState } from "../../../components/States";
import { counted } from "../../../components/formats";
import { type Condition, type Filterable, conditionFault, firstCondition, operatorText, split, unifiedFilterables, unifiedName, withField } from "./providerQuery";

/** Asks the provider by unified filters and by its own operators; what it answers is stored and can be looked at. */
export function QueryBuilder({
  account,
  resource,
  onOpen,
  onClose,
}: {
  account: string;
  resource: ResourceRow;
  onOpen: (id: string) => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const { model } = resource;
  const unified = useQuery({
    queryKey: ["modelFilters", account, model, resource.key],
    queryFn: () => backend.modelFilters(account, model ?? "", resource.key),
    enabled: model !== null,
  });
  const filters: Filterable[] = [...unifiedFilterables(unified.data ?? []), ...resource.filters];
  const first = firstCondition(resource.filters) ?? firstCondition(filters);
  const [conditions, setConditions] = useState<Condition[]>(first ? [first] : []);
  const [tried, setTried] = useState(false);
  const faults = conditions.map((condition) => conditionFault(condition, filters));
  const ask = useMutation({
    mutationFn: async () => {
      const asked = split(conditions);
      if (model === null || asked.filters.length === 0) {
        const { ids } = await backend.queryProvider(account, resource.key, asked.native);
        return { ids, asked: [], left_out: 0 };
      }
      return backend.queryUnified(account, model, resource.key, asked.filters, asked.native);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["resources", account] }),
  });
  const change = (index: number, condition: Condition) =>
    setConditions((old) => old.map((each, at) => (at === index ? condition : each)));
  // Text fields keep plain keys to themselves, so the form takes it from them; a list of choices that is open closes first.
  const onKeyDown = (event: KeyboardEvent) => {
    const choosing = event.target instanceof Element && event.target.closest('[role="listbox"],[aria-expanded="true"]');
    if (event.key === "Escape" && !event.defaultPrevented && !choosing) {
      event.preventDefault();
      onClose();
    }
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape from any control in it
    <form
      aria-label="Ask the provider"
      onKeyDown={onKeyDown}
      className="flex flex-col gap-2 border-b border-line bg-panel px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (faults.every((fault) => fault === null)) {
          ask.mutate();
        }
      }}
    >
      {conditions.map((condition, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no name of their own
        <div key={index} className="flex items-center gap-2">
          <Select
            label="Field"
            className="w-48"
            value={condition.field}
            options={filters.map(({ field }) => {
              const name = unifiedName(field);
              return name === null ? { value: field, label: field } : { value: field, label: `${name} (unified)` };
            })}
            onChange={(field) => change(index, withField(condition, field, filters))}
          />
          <Select
            label="Operator"
            className="w-52"
            value={condition.operator}
            options={(filters.find((filter) => filter.field === condition.field)?.operators ?? []).map((operator) => ({
              value: operator,
              label: operatorText(operator),
            }))}
            onChange={(operator) => change(index, { ...condition, operator })}
          />
          <Value
            words={filters.find((filter) => filter.field === condition.field)?.values ?? []}
            value={condition.value}
            wrong={tried && faults[index] !== null}
            onChange={(value) => change(index, { ...condition, value })}
          />
          {tried && faults[index] && <span className="text-bad">{faults[index]}</span>}
          {conditions.length > 1 && (
            <IconButton
              label="Remove this condition"
              icon={<X size={14} aria-hidden />}
              onClick={() => setConditions((old) => old.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      <div className="flex items-center gap-2">
        {first && (
          <Button small command="Add a condition" icon={<Plus size={13} aria-hidden />} onClick={() => setConditions((old) => [...old, first])}>
            And
          </Button>
        )}
        <Button small tone="primary" type="submit" command={`Ask the provider for these ${resource.label.toLowerCase()}`} busy={ask.isPending}>
          Ask the provider
        </Button>
        <span className="text-ink-3">One request within the budget; what it answers is stored here as test records.</span>
      </div>
      {ask.error && <ErrorState compact error={ask.error} onRetry={() => ask.mutate()} />}
      {ask.data && (
        <p role="status" className="flex flex-wrap items-center gap-2">
          {counted(ask.data.ids.length, "record")} stored.
          {ask.data.left_out > 0 && <span className="text-warn">{counted(ask.data.left_out, "more record that the provider sent does not match", "more records that the provider sent do not match")}.</span>}
          {ask.data.asked.length > 0 && <span className="font-mono text-code text-ink-3">Asked for {ask.data.asked.join(" & ")}</span>}
          {ask.data.ids.slice(0, 12).map((id) => (
            <button key={id} type="button" className="font-mono text-code text-accent hover:underline" onClick={() => onOpen(id)}>
              {id}
            </button>
          ))}
        </p>
      )}
    </form>
  );
}

/** What a line compares with: one of a few words where there are only these. */
function Value({ words, value, wrong, onChange }: { words: readonly string[]; value: string; wrong: boolean; onChange: (value: string) => void }) {
  return words.length > 0 ? (
    <Select label="Value" className="w-52" value={value} options={words.map((word) => ({ value: word, label: word }))} onChange={onChange} />
  ) : (
    <Input
      aria-label="Value"
      aria-invalid={wrong ? true : undefined}
      className="max-w-64"
      placeholder="Value"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
