import type { ReactNode } from "react";

/** The line over a pane: what it is, a detail, and what stands at its right. */
export function PaneHead({ title, detail, children }: { title: string; detail?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex h-8 shrink-0 items-center gap-2 overflow-hidden border-b border-line px-3">
      <h2 className="font-semibold">{title}</h2>
      <span className="min-w-0 flex-1 truncate text-ink-3">{detail}</span>
      {children}
    </div>
  );
}
