import { Columns3, ListFilter } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";

import type { ProjectionRow, ResourceRow } from "../../../backend";
import { useStored } from "../../../app/place";
import { Button, Pressable } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { ErrorState, Skeleton } from "../../../components/States";
import { type Column, Table } from "../../../components/Table";
import { count, counted } from "../../../components/formats";
import { ColumnDialog } from "./ColumnDialog";
import { QueryBuilder } from "./QueryBuilder";
import { columnsToShow, naturalWidth } from "./columnChoice";
import { stampOf, useColumns, useProjection } from "./useProjection";

/** The rows by which columns are as wide as they are. */
const SAMPLED = 20;

function isNumber(cell: string | null | undefined): boolean {
  return cell !== null && cell !== undefined && /^-?\d+(\.\d+)?$/.test(cell);
}

/** The stored records of one resource: filtered as one types, sorted by a click, opened in the compare view. */
export function RecordTable({
  account,
  resource,
  onOpen,
}: {
  account: string;
  resource: ResourceRow;
  onOpen: (id: string) => void;
}) {
  const key = `${account}:${resource.key}`;
  const [chosen, setChosen] = useStored<string[] | null>(`columns:${key}`, null);
  const [sort, setSort] = useStored<{ column: string; descending: boolean } | null>(`sort:${key}`, null);
  const [filter, setFilter] = useState("");
  const [choosing, setChoosing] = useState(false);
  const [asking, setAsking] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const stopAsking = () => {
    setAsking(false);
    toggle.current?.focus();
  };
  const columns = useColumns(account, resource.key, true);
  const shown = useMemo(() => columnsToShow(columns.data ?? [], chosen ?? undefined), [columns.data, chosen]);
  const sorted = sort && shown.includes(sort.column) ? sort : null;
  const asked = useDeferredValue(filter.trim());
  const { answer, rowAt, onRange, error, refetch } = useProjection(account, resource.key, shown, sorted, asked, stampOf(resource));

  const first = rowAt(0);
  // A column never gets narrower while one filters and sorts.
  const widths = useRef(new Map<string, number>());
  const table = useMemo((): Column<ProjectionRow>[] => {
    const sampled = Array.from({ length: SAMPLED }, (_, index) => rowAt(index)?.cells ?? []);
    const widthOf = (path: string, heading: string, index: number) => {
      const wanted = naturalWidth(heading, sampled.map((cells) => cells[index]));
      const width = Math.max(wanted, widths.current.get(path) ?? 0);
      widths.current.set(path, width);
      return `minmax(${width}px,${width}fr)`;
    };
    return [
      {
        key: "id",
        label: "id",
        width: "110px",
        cell: (row) => <span className="font-mono text-code text-ink-2">{row.id}</span>,
      },
      ...shown.map((path, index) => {
        const heading = path.split(".").slice(-2).join(".");
        return {
          key: path,
          label: <span title={path}>{heading}</span>,
          name: path,
          width: widthOf(path, heading, index),
          ...(isNumber(first?.cells[index]) ? { align: "right" as const } : {}),
          sort: () => null,
          cell: (row: ProjectionRow) => {
            const cell = row.cells[index] ?? null;
            return cell === null ? (
              <span className="text-ink-3">{row.masked[index] ? "••••••••" : "–"}</span>
            ) : (
              <span className="truncate" title={cell}>
                {cell}
              </span>
            );
          },
        };
      }),
    ];
  }, [shown, first, rowAt]);
  const failure = columns.error ?? error;
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-3">
        <Input
          aria-label={`Filter ${resource.label.toLowerCase()}`}
          placeholder="Filter"
          className="max-w-72"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="text-ink-3 tabular-nums" role="status">
          {answer
            ? !answer.complete
              ? `indexed ${count(answer.indexed)} of ${count(answer.total)}`
              : asked === ""
                ? counted(answer.total, "record")
                : `${count(answer.matching)} of ${count(answer.total)} ${answer.matching === 1 ? "matches" : "match"}`
            : ""}
          {answer?.stopped && <span className="text-warn"> · {answer.stopped}</span>}
        </span>
        <span className="ml-auto flex gap-2">
          {resource.filters.length > 0 && (
            <Button
              small
              ref={toggle}
              aria-expanded={asking}
              keys={asking ? "Escape" : undefined}
              command={asking ? "Close the questions to the provider" : `Ask the provider for ${resource.label.toLowerCase()}`}
              icon={<ListFilter size={13} aria-hidden />}
              onClick={() => (asking ? stopAsking() : setAsking(true))}
            >
              Ask the provider
            </Button>
          )}
          <Button
            small
            command={`Choose the columns of ${resource.label.toLowerCase()}`}
            icon={<Columns3 size={13} aria-hidden />}
            onClick={() => setChoosing(true)}
          >
            Columns
          </Button>
        </span>
      </div>
      {asking && <QueryBuilder account={account} resource={resource} onOpen={onOpen} onClose={stopAsking} />}
      {failure ? (
        <ErrorState error={failure} onRetry={columns.error ? () => void columns.refetch() : refetch} />
      ) : answer ? (
        <Table
          label={resource.label}
          columns={table}
          rowKey={(row) => row.id}
          count={answer.matching}
          rowAt={rowAt}
          onRange={onRange}
          rowHeight={30}
          sorting={sorted}
          onSort={setSort}
          sortedElsewhere
          onOpen={(row) => onOpen(row.id)}
          empty={
            asked === "" ? (
              <Skeleton className="w-full p-2" lines={8} />
            ) : (
              <p className="p-4 text-ink-2">
                No record {answer.complete ? "" : "indexed so far "}has “{asked}” in these columns.{" "}
                <Pressable command="Clear the filter" className="text-accent" onClick={() => setFilter("")}>
                  Clear the filter
                </Pressable>
              </p>
            )
          }
          className="flex-1"
        />
      ) : (
        <Skeleton className="p-3" lines={10} />
      )}
      <ColumnDialog open={choosing} candidates={columns.data ?? []} chosen={shown} onChange={setChosen} onClose={() => setChoosing(false)} />
    </>
  );
}
