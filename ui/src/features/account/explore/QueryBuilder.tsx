import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";

import { type ResourceRow, backend } from "../../../backend";
import { Button, IconButton } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { ErrorState } from "../../../components/States";
import { counted } from "../../../components/formats";
import { type Condition, conditionFault, firstCondition, operatorText, withField } from "./providerQuery";

/** Asks the provider with its own operators; one page of what it answers is stored and can be looked at. */
export function QueryBuilder({
  account,
  resource,
  onOpen,
}: {
  account: string;
  resource: ResourceRow;
  onOpen: (id: string) => void;
}) {
  const client = useQueryClient();
  const first = firstCondition(resource.filters);
  const [conditions, setConditions] = useState<Condition[]>(first ? [first] : []);
  const [tried, setTried] = useState(false);
  const faults = conditions.map((condition) => conditionFault(condition, resource.filters));
  const ask = useMutation({
    mutationFn: () =>
      backend.queryProvider(
        account,
        resource.key,
        conditions.map((condition) => ({ ...condition, value: condition.value.trim() })),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["resources", account] }),
  });
  const change = (index: number, condition: Condition) =>
    setConditions((old) => old.map((each, at) => (at === index ? condition : each)));
  return (
    <form
      aria-label="Ask the provider"
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
            options={resource.filters.map((filter) => ({ value: filter.field, label: filter.field }))}
            onChange={(field) => change(index, withField(condition, field, resource.filters))}
          />
          <Select
            label="Operator"
            className="w-52"
            value={condition.operator}
            options={(resource.filters.find((filter) => filter.field === condition.field)?.operators ?? []).map((operator) => ({
              value: operator,
              label: operatorText(operator),
            }))}
            onChange={(operator) => change(index, { ...condition, operator })}
          />
          <Input
            aria-label="Value"
            aria-invalid={tried && faults[index] !== null ? true : undefined}
            className="max-w-64"
            placeholder="Value"
            value={condition.value}
            onChange={(event) => change(index, { ...condition, value: event.target.value })}
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
          <Button small type="button" icon={<Plus size={13} aria-hidden />} onClick={() => setConditions((old) => [...old, first])}>
            And
          </Button>
        )}
        <Button small tone="primary" type="submit" busy={ask.isPending}>
          Ask the provider
        </Button>
        <span className="text-ink-3">One request within the budget; what it answers is stored here as test records.</span>
      </div>
      {ask.error && <ErrorState compact error={ask.error} onRetry={() => ask.mutate()} />}
      {ask.data && (
        <p role="status" className="flex flex-wrap items-center gap-2">
          {counted(ask.data.records, "record")} stored.
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
