import type { ReactNode } from "react";

/** Rows of two lines. */
export const LIST_ROW = 44;
const HEAD = 36;

/** A frame around a table, as high as its rows and no higher than there is room; it then scrolls inside. */
export function TableFrame({ height, children }: { height: number; children: ReactNode }) {
  return (
    <div
      className="flex min-h-40 shrink flex-col overflow-hidden rounded-lg border border-line bg-panel"
      style={{ height: HEAD + height }}
    >
      {children}
    </div>
  );
}

/** A screen that is one list: what filters it, and below that its table of `rows` rows of two lines. */
export function ListFrame({
  filters,
  rows,
  children,
}: {
  filters: ReactNode;
  rows: number;
  children: ReactNode;
}) {
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 px-5 pt-4 pb-5">
      <div className="flex shrink-0 gap-2">{filters}</div>
      <TableFrame height={rows * LIST_ROW}>{children}</TableFrame>
    </div>
  );
}
