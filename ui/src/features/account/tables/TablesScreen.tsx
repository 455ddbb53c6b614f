import { useQuery } from "@tanstack/react-query";
import { Plus, Table2 } from "lucide-react";
import { useState } from "react";

import { type AccountView, type TableView, type UnmappedKey, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { Time } from "../../../components/Figures";
import { Select } from "../../../components/Select";
import { Split } from "../../../components/Split";
import { EmptyState, ErrorState, Skeleton } from "../../../components/States";
import { count, counted } from "../../../components/formats";
import { LevelChip } from "../LevelChip";
import { FieldList } from "../compare/FieldList";
import { scopeOf, writableLevels } from "../mapping/editedField";
import { suggestedField } from "../mapping/fieldName";
import { useAccount } from "../queries";
import { useAccountPlace } from "../useAccountPlace";
import { TableGrid } from "./TableGrid";
import { draftKey, unsaved, useTableDrafts } from "./tableDrafts";

const nameOf = (table: Pick<TableView, "level" | "name">) => `${table.level}:${table.name}`;

/** The tables tab: the key and value lists that mappings use, per level. */
export function TablesScreen({ account }: { account: string }) {
  const view = useAccount(account);
  const tables = useQuery({ queryKey: ["tables", account], queryFn: () => backend.tables(account) });
  const unmapped = useQuery({ queryKey: ["unmappedKeys", account], queryFn: () => backend.unmappedKeys(account, null) });
  const error = view.error ?? tables.error;
  if (error) {
    return <ErrorState error={error} onRetry={() => void tables.refetch()} />;
  }
  if (!view.data || !tables.data) {
    return <Skeleton className="p-4" lines={8} />;
  }
  return (
    <>
      {unmapped.error && (
        <div className="shrink-0 border-b border-line bg-panel p-2">
          <p className="mb-1 text-ink-2">Which keys no table has is not known.</p>
          <ErrorState compact error={unmapped.error} onRetry={() => void unmapped.refetch()} />
        </div>
      )}
      <Tables key={account} account={view.data} tables={tables.data} unmapped={unmapped.data ?? []} />
    </>
  );
}

function Tables({ account, tables, unmapped }: { account: AccountView; tables: readonly TableView[]; unmapped: readonly UnmappedKey[] }) {
  const place = useAccountPlace(account.id);
  const drafts = useTableDrafts(account.id);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<TableView[]>([]);
  // Tables that mappings ask for and nobody has made yet stand in the list too, and those begun and not saved.
  const asked = [...new Set(unmapped.map((each) => each.table))].filter((name) => !tables.some((table) => table.name === name));
  const fresh = (name: string, level: string): TableView => ({
    name, level, scope: scopeOf(level, account), entries: 0, version: 0, at: "", actor: "", note: null,
  });
  const edited = unsaved(drafts);
  const begun = edited.filter((each) => each.scope === scopeOf(each.level, account));
  const listed = new Map<string, TableView>();
  for (const table of [
    ...tables,
    ...made,
    ...asked.map((name) => fresh(name, "account")),
    ...begun.map(({ name, level }) => fresh(name, level)),
  ]) {
    if (!listed.has(nameOf(table))) {
      listed.set(nameOf(table), table);
    }
  }
  const all = [...listed.values()];
  const open = all.find((table) => nameOf(table) === place.get("table")) ?? all[0];
  if (!open) {
    return (
      <>
        <EmptyState
          icon={<Table2 size={28} strokeWidth={1.6} aria-hidden />}
          title="No tables yet"
          action={
            <Button tone="primary" command="Add a table" onClick={() => setAdding(true)}>
              Add a table
            </Button>
          }
        >
          A table turns a customer&rsquo;s codes into yours, such as cost centres into departments. A mapping reads it with{" "}
          <code className="font-mono text-code">$table(&apos;cost_centers&apos;, code)</code>.
        </EmptyState>
        {adding && <AddDialog account={account} onClose={() => setAdding(false)} onAdd={(name, level) => { setMade([fresh(name, level)]); setAdding(false); }} />}
      </>
    );
  }
  const choose = (name: string) => place.change("tables", { table: name });
  return (
    <>
      <Split
        name="tables"
        className="flex-1"
        panes={[
          {
            id: "names",
            size: 22,
            min: 180,
            label: "tables",
            content: (
              <>
                <div className="flex h-10 shrink-0 items-center border-b border-line bg-panel px-3">
                  <h2 className="font-semibold">Tables</h2>
                  <span className="ml-auto">
                    <Button small command="Add a table" icon={<Plus size={13} aria-hidden />} onClick={() => setAdding(true)}>
                      Add
                    </Button>
                  </span>
                </div>
                <FieldList
                  label="Tables"
                  fields={all}
                  nameOf={nameOf}
                  lightOf={() => "none"}
                  active={nameOf(open)}
                  chosen={nameOf(open)}
                  estimate={52}
                  onActive={choose}
                  onPoint={() => undefined}
                  onChoose={(table) => choose(nameOf(table))}
                  render={(table) => {
                    const missing = unmapped.filter((each) => each.table === table.name).length;
                    const changes = edited.find((each) => draftKey(each) === draftKey(table))?.changes ?? 0;
                    return (
                      <div className="py-1.5">
                        <div className="flex items-center gap-2">
                          <span className="min-w-0 flex-1 truncate font-medium">{table.name}</span>
                          <LevelChip level={table.level} />
                        </div>
                        <div className="flex h-5 items-center gap-2 text-ink-2">
                          {counted(table.entries, "entry", "entries")}
                          {changes > 0 && <Badge tone="read">{count(changes)} unsaved</Badge>}
                          {missing > 0 && <Badge tone="warn">{count(missing)} unmapped</Badge>}
                          {table.at !== "" && <Time at={table.at} />}
                        </div>
                      </div>
                    );
                  }}
                />
              </>
            ),
          },
          {
            id: "rows",
            size: 78,
            min: 360,
            label: "rows",
            content: (
              <TableGrid
                key={nameOf(open)}
                account={account.id}
                table={open}
                unmapped={unmapped.filter((each) => each.table === open.name && !each.masked)}
                masked={unmapped.filter((each) => each.table === open.name && each.masked).length}
              />
            ),
          },
        ]}
      />
      {adding && (
        <AddDialog
          account={account}
          onClose={() => setAdding(false)}
          onAdd={(name, level) => {
            setMade((old) => [...old, fresh(name, level)]);
            setAdding(false);
            choose(`${level}:${name}`);
          }}
        />
      )}
    </>
  );
}

function AddDialog({ account, onAdd, onClose }: { account: AccountView; onAdd: (name: string, level: string) => void; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [level, setLevel] = useState("account");
  const name = typed.trim() === "" ? "" : suggestedField(typed);
  const add = () => {
    if (name !== "") {
      onAdd(name, level);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a table"
      description="It is kept with its first entry."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={name === ""} onClick={add}>
            Write its entries
          </Button>
        </>
      }
    >
      <form
        className="mt-3 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label="Name" help={name === "" ? "Lower case with underscores, as $table names it." : name}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                // A form with more than one control is not sent by Enter alone.
                if (event.key === "Enter") {
                  event.preventDefault();
                  add();
                }
              }}
            />
          )}
        </Field>
        <Field label="Level">
          {(control) => (
            <Select
              {...control}
              value={level}
              options={writableLevels(account.environment).map((each) => ({ value: each, label: each, detail: scopeOf(each, account) }))}
              onChange={setLevel}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
