import { type ColumnDef, createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useMemo } from "react";

import type { Column } from "./Table";
import { compareValues } from "./order";

export interface Sorting {
  column: string;
  descending: boolean;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** The sorting after a click: one way, the other way, none. */
export function nextSorting(
  order: Sorting | null,
  column: string,
  descendingFirst: boolean,
): Sorting | null {
  if (order?.column !== column) {
    return { column, descending: descendingFirst };
  }
  return order.descending === descendingFirst ? { column, descending: !descendingFirst } : null;
}

const NONE: never[] = [];

/** The rows in the order asked for; rows without a value come last. */
export function useSorted<Row>(
  rows: Row[] | undefined,
  columns: Column<Row>[],
  order: Sorting | null,
): Row[] {
  const definitions = useMemo(
    () =>
      columns
        .filter((column) => column.sort)
        .map(
          (column): ColumnDef<typeof features, { row: Row }> => ({
            id: column.key,
            accessorFn: ({ row }) => column.sort?.(row) ?? undefined,
            sortFn: (a, b, key) => compareValues(a.getValue(key), b.getValue(key)),
            sortUndefined: "last",
          }),
        ),
    [columns],
  );
  const data = useMemo(() => rows?.map((row) => ({ row })) ?? NONE, [rows]);
  const state = useMemo(
    () => ({ sorting: order ? [{ id: order.column, desc: order.descending }] : [] }),
    [order],
  );
  const table = useTable({ features, columns: definitions, data, state });
  const model = table.getRowModel().rows;
  return useMemo(() => model.map((each) => each.original.row), [model]);
}
