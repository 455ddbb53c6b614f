import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { type AccountView, type FilterRow, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Input } from "../../../components/Field";
import { Kbd } from "../../../components/Kbd";
import { ErrorState, Skeleton } from "../../../components/States";
import { LevelChip } from "../LevelChip";
import { FieldList } from "../compare/FieldList";
import { FilterEditor } from "./FilterEditor";
import { asksText, foundFilters } from "./filterRow";

interface Props {
  account: Pick<AccountView, "id" | "environment">;
  model: string;
  resource: string;
  onClose: () => void;
}

const ROW = 45;

function Row({ filter }: { filter: FilterRow }) {
  return (
    <div className="flex flex-col py-1">
      <span className="flex items-center gap-2">
        <span className="min-w-0 truncate font-medium">{filter.name}</span>
        <span className="ml-auto">
          <LevelChip level={filter.level} />
        </span>
      </span>
      {filter.expression === null ? (
        <span className="text-ink-3">{asksText(filter)}</span>
      ) : (
        <code className="truncate font-mono text-code text-ink-2">{asksText(filter)}</code>
      )}
    </div>
  );
}

/** The request side of a mapping: every filter of the model, what it asks the provider for, and the editor of that. */
export function FiltersDialog({ account, model, resource, onClose }: Props) {
  const [find, setFind] = useState("");
  const [active, setActive] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const table = useQuery({
    queryKey: ["filterTable", account.id, model, resource],
    queryFn: () => backend.filterTable(account.id, model, resource),
  });
  const filters = table.data;
  const found = useMemo(() => foundFilters(filters ?? [], find), [filters, find]);
  const filter = filters?.find((each) => each.name === chosen);
  const choose = (each: FilterRow | undefined) => {
    if (each) {
      setActive(each.name);
      setChosen(each.name);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Filters"
      description="What the provider is asked for when somebody asks by a unified filter, in Explore or with xwalk query."
      footer={
        <>
          <span className="mr-auto flex items-center gap-1.5 text-ink-3">
            <Kbd keys="Enter" /> opens the first one, or the one chosen in the list
          </span>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {table.error && <ErrorState compact error={table.error} onRetry={() => void table.refetch()} />}
      {!filters && !table.error && <Skeleton className="mt-2" lines={6} />}
      {filters?.length === 0 && <p className="mt-2 text-ink-2">This model has no field with one value, so there is nothing to ask by.</p>}
      {filters && filters.length > 0 && (
        <div className="mt-2 flex h-[50vh] gap-3">
          <div className="flex w-64 shrink-0 flex-col gap-2">
            <Input
              aria-label="Find a filter"
              placeholder="Find a filter"
              autoFocus
              value={find}
              onChange={(event) => setFind(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") {
                  event.preventDefault();
                  choose(found[0]);
                }
              }}
            />
            <div className="flex min-h-0 flex-1 flex-col rounded-md border border-line">
              {found.length > 0 ? (
                <FieldList
                  label="Filters"
                  fields={found}
                  nameOf={(each) => each.name}
                  lightOf={() => "none"}
                  active={active}
                  chosen={chosen}
                  estimate={ROW}
                  onActive={setActive}
                  onPoint={() => undefined}
                  onChoose={choose}
                  render={(each) => <Row filter={each} />}
                />
              ) : (
                <p className="p-2 text-ink-2">No filter is called so.</p>
              )}
            </div>
          </div>
          {filter ? (
            <FilterEditor key={filter.name} account={account} model={model} resource={resource} filters={filters} filter={filter} />
          ) : (
            <p className="flex-1 p-2 text-ink-2">Choose a filter to see and change what it asks for.</p>
          )}
        </div>
      )}
    </Dialog>
  );
}
