import { ArrowDown, ArrowUp } from "lucide-react";

import type { Column } from "./Table";
import type { Sorting } from "./sorting";

/** The heading of one column; a click sorts where the column can. */
export function TableHeading<Row>({
  column,
  order,
  onSort,
}: {
  column: Column<Row>;
  order: Sorting | null;
  onSort: () => void;
}) {
  const right = column.align === "right" ? "justify-end text-right" : "";
  const Arrow = order?.descending ? ArrowDown : ArrowUp;
  return (
    <div
      role="columnheader"
      aria-sort={order ? (order.descending ? "descending" : "ascending") : undefined}
      className={`flex h-8 min-w-0 items-center px-3 ${right}`}
    >
      {column.sort ? (
        <button
          type="button"
          onClick={onSort}
          className="-mx-1 flex min-w-0 items-center gap-1 rounded px-1 hover:text-ink"
        >
          <span className="truncate">{column.label}</span>
          {order && <Arrow size={11} aria-hidden />}
        </button>
      ) : (
        <span className={column.name ? "sr-only" : "truncate"}>{column.name ?? column.label}</span>
      )}
    </div>
  );
}
