import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Trash2, Undo2 } from "lucide-react";
import { type KeyboardEvent, useCallback, useDeferredValue, useEffect, useRef, useState } from "react";

import { type TableRows, type TableView, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button, IconButton } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { count, counted } from "../../../components/formats";
import { usePages } from "../usePages";
import { InForceDialog } from "./InForceDialog";
import { SeedDialog } from "./SeedDialog";
import { CsvDialog, TableHistoryDialog } from "./TableDialogs";
import { TableImpact } from "./TableImpact";
import { NO_EDITS, edited, pending, redo, undo } from "./edits";
import { type GridRow, rowsOnTop, storedRow } from "./gridRows";
import { useTableEdits } from "./tableDrafts";

const ROW = 30;

/** A table's entries in a grid: unmapped keys on top, edits kept until they are saved as one version or discarded. */
export function TableGrid({
  account,
  table,
  unmapped,
  masked,
}: {
  account: string;
  table: TableView;
  unmapped: readonly { key: string; records: number }[];
  /** Unmapped keys that are masked: they are counted and not shown. */
  masked: number;
}) {
  const client = useQueryClient();
  const scroller = useRef<HTMLDivElement>(null);
  const [edits, setEdits] = useTableEdits(account, table);
  const [filter, setFilter] = useState("");
  const [key, setKey] = useState("");
  const [note, setNote] = useState("");
  const [open, setOpen] = useState<"csv" | "history" | "seed" | "inForce" | null>(null);
  const asked = useDeferredValue(filter.trim());
  const which = { level: table.level, scope: table.scope, name: table.name };
  const isNew = table.version === 0;
  const { answer, rowAt, onRange, error, refetch } = usePages<{ key: string; value: string }, TableRows>({
    queryKey: ["tableRows", which, asked],
    fetch: (offset, limit) => backend.tableRows(which, { offset, limit, filter: asked }),
    enabled: !isNew,
  });
  const stored = answer?.matching ?? 0;
  const seen = new Set<string>();
  for (let index = 0; index < Math.min(stored, 400); index += 1) {
    const row = rowAt(index);
    if (row) {
      seen.add(row.key);
    }
  }
  const onTop = (text: string) => rowsOnTop(unmapped, edits, (each) => seen.has(each), text);
  const top = onTop(asked);
  const total = top.length + stored;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    onChange: (instance) => {
      const { startIndex = 0, endIndex = 0 } = instance.range ?? {};
      onRange(Math.max(0, startIndex - top.length), Math.max(0, endIndex - top.length));
    },
  });
  const changes = pending(edits);
  const refresh = () =>
    Promise.all(
      ["tables", "tableRows", "tableHistory", "unmappedKeys", "compareRecord", "fieldTotals"].map((name) =>
        client.invalidateQueries({ queryKey: [name] }),
      ),
    );
  const save = useMutation({
    mutationFn: () => backend.saveTable(which, changes, note.trim() === "" ? null : note.trim()),
    onSuccess: async (version) => {
      setEdits(() => NO_EDITS);
      setNote("");
      await refresh();
      const before = version.version - 1;
      toast(
        `Version ${version.version} of ${table.name} is in force`,
        before > 0
          ? {
              undo: async () => {
                await backend.restoreTable(which, before, null);
                await refresh();
              },
            }
          : {},
      );
    },
  });

  const set = (row: string, value: string | null, isStored: boolean) =>
    setEdits((old) => edited(old, isStored ? { key: row, value, stored: true } : { key: row, value }));
  // The row that gets the focus once it is drawn; its place among the stored ones, where it is one of them.
  const [sought, setSought] = useState<{ key: string; place: number | null } | null>(null);
  const goTo = (wanted: string, place: number | null) => {
    setKey((typed) => (typed.trim() === wanted ? "" : typed));
    setFilter("");
    setSought({ key: wanted, place });
  };
  const seek = useMutation({
    mutationFn: async (wanted: string): Promise<number | null> => (isNew ? null : await backend.tablePlace(which, wanted)),
    onSuccess: (place, wanted) => {
      if (place === null) {
        set(wanted, "", false);
      } else {
        toast(`${wanted} is in ${table.name} already`);
      }
      goTo(wanted, place);
    },
  });
  const add = () => {
    const wanted = key.trim();
    if (wanted === "" || seek.isPending) {
      return;
    }
    if (onTop("").some((row) => row.key === wanted)) {
      goTo(wanted, null);
    } else {
      seek.mutate(wanted);
    }
  };
  const soughtOnTop = sought === null ? -1 : top.findIndex((row) => row.key === sought.key);
  const soughtBelow = sought !== null && sought.place !== null ? top.length + sought.place : -1;
  const soughtAt = asked === "" ? (soughtOnTop >= 0 ? soughtOnTop : soughtBelow) : -1;
  const scrollTo = rows.scrollToIndex;
  useEffect(() => {
    if (soughtAt >= 0 && soughtAt < total) {
      scrollTo(soughtAt, { align: "auto" });
    }
  }, [soughtAt, total, scrollTo]);
  const arrive = useCallback((input: HTMLInputElement | null) => {
    if (input) {
      input.focus();
      setSought(null);
    }
  }, []);
  // Typed values keep their own undo while they are typed; between cells it is the grid's.
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
      setEdits(event.shiftKey ? redo : undo);
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const rowOf = (index: number): GridRow | undefined => {
    const row = rowAt(index - top.length);
    return index < top.length ? top[index] : row && storedRow(row, edits);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- undo for the grid, which holds the controls
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-3">
        <Input aria-label="Filter entries" placeholder="Filter" className="max-w-60" value={filter} onChange={(event) => setFilter(event.target.value)} />
        <span className="text-ink-3 tabular-nums" role="status">
          {asked === "" ? counted(answer?.total ?? 0, "entry", "entries") : `${count(stored)} of ${count(answer?.total ?? 0)} match`}
          {unmapped.length > 0 ? `, ${counted(unmapped.length, "key")} met and not mapped` : ""}
          {masked > 0 ? `, ${counted(masked, "masked key")} met and not shown` : ""}
        </span>
        <span className="ml-auto flex items-center gap-2">
          <IconButton label="Undo the last edit" command={`Undo the last edit of ${table.name}`} icon={<Undo2 size={14} aria-hidden />} disabled={edits.done.length === 0} onClick={() => setEdits(undo)} />
          {!isNew && (
            <Button small command={`What is in force of ${table.name}`} onClick={() => setOpen("inForce")}>
              In force
            </Button>
          )}
          <Button small command={`CSV of ${table.name}: in and out`} onClick={() => setOpen("csv")}>
            CSV
          </Button>
          {table.level === "account" && (
            <Button small command={`Fill ${table.name} from records`} onClick={() => setOpen("seed")}>
              From records
            </Button>
          )}
          {!isNew && (
            <Button small command={`History of ${table.name}`} onClick={() => setOpen("history")}>
              History
            </Button>
          )}
        </span>
      </div>
      {error && <ErrorState compact error={error} onRetry={refetch} />}
      {save.error && <ErrorState compact error={save.error} onRetry={() => save.mutate()} />}
      {seek.error && <ErrorState compact error={seek.error} onRetry={add} />}
      <div className="grid h-8 shrink-0 grid-cols-[1fr_2fr_120px_36px] items-center gap-2 border-b border-line px-3 text-micro text-ink-3">
        <span>Key</span>
        <span>Value</span>
        <span>State</span>
        <span />
      </div>
      {!answer && !isNew && !error && <Skeleton className="p-3" lines={6} />}
      <div ref={scroller} role="group" aria-label={`Entries of ${table.name}`} tabIndex={0} className="relative min-h-0 flex-1 overflow-auto">
        {total === 0 && (
          <p className="p-3 text-ink-2">
            {asked === "" ? "No entry yet: write the first key below, or bring a CSV file." : `No entry has “${asked}” in it.`}
          </p>
        )}
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const row = rowOf(item.index);
            return row ? (
              <div
                key={row.key}
                style={{ transform: `translateY(${item.start}px)`, height: ROW }}
                className="absolute inset-x-0 top-0 grid grid-cols-[1fr_2fr_120px_36px] items-center gap-2 border-b border-line-2 px-3"
              >
                <span className="truncate font-mono text-code" title={row.key}>
                  {row.key}
                </span>
                <input
                  ref={item.index === soughtAt && row.key === sought?.key ? arrive : null}
                  aria-label={`Value of ${row.key}`}
                  className="h-6 rounded border border-transparent bg-transparent px-1 placeholder:text-ink-3 hover:border-line focus:border-accent"
                  placeholder={row.state === "removed" ? "taken away" : "no value"}
                  value={row.value ?? ""}
                  onChange={(event) => set(row.key, event.target.value, item.index >= top.length)}
                />
                <span>
                  {row.state === "unmapped" && <Badge tone="warn">{counted(row.records ?? 0, "record")}</Badge>}
                  {row.state === "edited" && <Badge tone="read">edited</Badge>}
                  {row.state === "removed" && <Badge tone="bad">removed</Badge>}
                </span>
                {row.state !== "unmapped" && (
                  <IconButton
                    label={row.state === "removed" ? `Keep ${row.key}` : `Take ${row.key} away`}
                    icon={row.state === "removed" ? <Undo2 size={13} aria-hidden /> : <Trash2 size={13} aria-hidden />}
                    onClick={() => {
                      const before = rowAt(item.index - top.length)?.value;
                      set(row.key, row.state === "removed" ? (before ?? "") : null, item.index >= top.length);
                    }}
                  />
                )}
              </div>
            ) : null;
          })}
        </div>
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-panel px-3 py-2">
        <form
          className="flex items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Input aria-label="New key" placeholder="New key" className="w-44 font-mono text-code" value={key} onChange={(event) => setKey(event.target.value)} />
          <Button small type="submit" command={`Add the entry to ${table.name}`} busy={seek.isPending} disabled={key.trim() === ""}>
            Add entry
          </Button>
        </form>
        {changes.length > 0 && <TableImpact account={account} table={table} changes={changes} />}
        {changes.length > 0 && (
          <span className="ml-auto flex items-center gap-2">
            <Input aria-label="Note on this version" placeholder="Note" className="w-56" value={note} onChange={(event) => setNote(event.target.value)} />
            <Button small command={`Discard the changes of ${table.name}`} onClick={() => setEdits(() => NO_EDITS)}>
              Discard
            </Button>
            <Button small tone="primary" command={`Save ${table.name}`} busy={save.isPending} onClick={() => save.mutate()}>
              Save {counted(changes.length, "change")}
            </Button>
          </span>
        )}
      </div>
      {open === "inForce" && <InForceDialog account={account} name={table.name} onClose={() => setOpen(null)} />}
      {open === "csv" && <CsvDialog which={which} onClose={() => setOpen(null)} onImported={refresh} />}
      {open === "seed" && <SeedDialog account={account} table={table.name} onClose={() => setOpen(null)} onSeeded={refresh} />}
      {open === "history" && <TableHistoryDialog which={which} onClose={() => setOpen(null)} onRestored={refresh} />}
    </div>
  );
}
