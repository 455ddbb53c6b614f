import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";

import { TableHeading } from "./TableHeading";
import type { SortValue } from "./order";
import { type Sorting, nextSorting, useSorted } from "./sorting";
import { type Group, type Line, linesOf } from "./tableLines";

export interface Column<Row> {
  key: string;
  label: ReactNode;
  /** What a column without a visible label is called. */
  name?: string;
  /** A track of a CSS grid: `minmax(180px,2fr)`, `96px`. */
  width: string;
  align?: "right";
  /** What to sort by; without it the column does not sort. With `onSort` on the table it only says that it can. */
  sort?: (row: Row) => SortValue;
  /** The first click sorts from the largest. */
  descendingFirst?: boolean;
  cell: (row: Row) => ReactNode;
}

export interface TableProps<Row> {
  /** What the table lists, for readers. */
  label: string;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** All rows, or for lists that come in pages, `count` and `rowAt`. */
  rows?: Row[];
  count?: number;
  rowAt?: (index: number) => Row | undefined;
  /** The rows in sight, whenever they change: to fetch the pages they are on. */
  onRange?: (first: number, last: number) => void;
  rowHeight?: number;
  sorting?: Sorting | null;
  onSort?: (sorting: Sorting | null) => void;
  /** The rows come already sorted; a click on a heading only reports. */
  sortedElsewhere?: boolean;
  /** A heading over rows that follow each other; rows have to be sorted by it before. */
  group?: (row: Row) => Group;
  selected?: string | null;
  onSelect?: (row: Row) => void;
  /** A click on a row or Enter. */
  onOpen?: (row: Row) => void;
  /** Shown in place of rows when there are none. */
  empty?: ReactNode;
  className?: string;
}

const HEADING_HEIGHT = 30;

/**
 * A virtualised table: one tab stop, arrows move, Enter opens. It fills its parent and scrolls by itself, so the parent
 * needs a height. A heading click sorts; the third click takes the sorting away.
 */
export function Table<Row>({
  label,
  columns,
  rowKey,
  rows,
  count,
  rowAt,
  onRange,
  rowHeight = 34,
  sorting,
  onSort,
  sortedElsewhere = false,
  group,
  selected,
  onSelect,
  onOpen,
  empty,
  className = "",
}: TableProps<Row>) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState<Sorting | null>(null);
  const order = sorting === undefined ? own : sorting;
  const sorted = useSorted(rows, columns, sortedElsewhere ? null : order);
  const total = rows ? sorted.length : (count ?? 0);
  const lines = useMemo(() => (rows ? linesOf(sorted, group) : null), [rows, sorted, group]);
  const lineCount = lines ? lines.length : total;
  const lineAt = (index: number): Line<Row> =>
    lines?.[index] ?? { kind: "row", row: rowAt?.(index), index };

  const [active, setActive] = useState(0);
  const focused = Math.min(active, Math.max(0, total - 1));
  const lineOf = useMemo(() => {
    const places: number[] = [];
    lines?.forEach((line, at) => {
      if (line.kind === "row") {
        places[line.index] = at;
      }
    });
    return (index: number) => (lines ? (places[index] ?? 0) : index);
  }, [lines]);

  const virtual = useVirtualizer({
    count: lineCount,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines?.[index]?.kind === "group" ? HEADING_HEIGHT : rowHeight),
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) {
      onRange?.(first, last);
    }
  }, [first, last, onRange]);

  const tracks = columns.map((column) => column.width).join(" ");
  const move = (to: number) => {
    const index = Math.min(total - 1, Math.max(0, to));
    setActive(index);
    virtual.scrollToIndex(lineOf(index));
    const row = rows ? sorted[index] : rowAt?.(index);
    if (row !== undefined) {
      onSelect?.(row);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: focused + 1,
      ArrowUp: focused - 1,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: total - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter") {
      const row = rows ? sorted[focused] : rowAt?.(focused);
      if (row !== undefined && onOpen) {
        event.preventDefault();
        onOpen(row);
      }
    }
  };
  const sortBy = (column: Column<Row>) => {
    const next = nextSorting(order, column.key, column.descendingFirst ?? false);
    if (sorting === undefined) {
      setOwn(next);
    }
    onSort?.(next);
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={total > 0 ? `${id}-${String(focused)}` : undefined}
      tabIndex={0}
      onKeyDown={press}
      className={`group/table relative min-h-0 flex-1 overflow-auto outline-none ${className}`}
    >
      <div
        role="row"
        aria-rowindex={1}
        className="sticky top-0 z-10 grid min-w-full border-b border-line bg-panel text-micro font-medium text-ink-3"
        style={{ gridTemplateColumns: tracks }}
      >
        {columns.map((column) => (
          <TableHeading
            key={column.key}
            column={column}
            order={order?.column === column.key ? order : null}
            onSort={() => {
              sortBy(column);
            }}
          />
        ))}
      </div>
      {total === 0 && empty && (
        <div role="row">
          <div role="gridcell" className="flex p-2">
            {empty}
          </div>
        </div>
      )}
      <div
        role="rowgroup"
        className="relative min-w-full"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const line = lineAt(item.index);
          const place = { transform: `translateY(${String(item.start)}px)`, height: item.size };
          if (line.kind === "group") {
            return (
              <div
                key={`group-${line.key}`}
                role="row"
                className="absolute inset-x-0 top-0 flex items-center border-b border-line bg-rail px-3"
                style={place}
              >
                <div role="gridcell" aria-colspan={columns.length} className="min-w-0 flex-1 truncate">
                  {line.heading}
                </div>
              </div>
            );
          }
          const { row, index } = line;
          const key = row === undefined ? null : rowKey(row);
          const chosen = key !== null && selected === key;
          return (
            <div
              key={key ?? `empty-${String(index)}`}
              id={`${id}-${String(index)}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selected === undefined ? undefined : chosen}
              onClick={(event) => {
                const at = event.target as Element;
                // A menu that was opened from the row is drawn elsewhere; what is chosen in it is not the row.
                if (!event.currentTarget.contains(at)) {
                  return;
                }
                setActive(index);
                if (row === undefined || at.closest("a,button,input,label")) {
                  return;
                }
                onSelect?.(row);
                onOpen?.(row);
              }}
              className={`absolute inset-x-0 top-0 grid items-center border-b border-line-2 ${onOpen ? "hover:bg-line-2" : ""} ${chosen ? "bg-accent-soft" : ""} ${index === focused ? "group-focus-visible/table:bg-accent-soft group-focus-visible/table:shadow-[inset_2px_0_0_var(--accent)]" : ""}`}
              style={{ ...place, gridTemplateColumns: tracks }}
            >
              {columns.map((column) => (
                <div
                  key={column.key}
                  role="gridcell"
                  className={`min-w-0 truncate px-3 ${column.align === "right" ? "text-right tabular-nums" : ""}`}
                >
                  {row === undefined ? (
                    <span aria-hidden className="block h-3 w-2/3 rounded bg-line-2" />
                  ) : (
                    column.cell(row)
                  )}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
