import type { ReactNode } from "react";

/** A heading over rows that follow each other. */
export interface Group {
  key: string;
  heading: ReactNode;
}

/** What a table draws one below the other: rows, and headings between them. */
export type Line<Row> = { kind: "row"; row: Row | undefined; index: number } | ({ kind: "group" } & Group);

/** The lines of some rows, with a heading wherever the group changes. */
export function linesOf<Row>(rows: Row[], group: ((row: Row) => Group) | undefined): Line<Row>[] {
  const lines: Line<Row>[] = [];
  let open: string | null = null;
  rows.forEach((row, index) => {
    const heading = group?.(row);
    if (heading && heading.key !== open) {
      lines.push({ kind: "group", ...heading });
      open = heading.key;
    }
    lines.push({ kind: "row", row, index });
  });
  return lines;
}
