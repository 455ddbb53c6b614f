import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useRef, useState } from "react";

import { type EffectiveRow, type EffectiveRows, backend } from "../../../backend";
import { Dialog } from "../../../components/Dialog";
import { Input } from "../../../components/Field";
import { ErrorState, Skeleton } from "../../../components/States";
import { counted } from "../../../components/formats";
import { LevelChip } from "../LevelChip";
import { usePages } from "../usePages";

const ROW = 30;

/** A table as a mapping of this account reads it: which level says an entry, and what the level below would have given. */
export function InForceDialog({ account, name, onClose }: { account: string; name: string; onClose: () => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState("");
  const asked = useDeferredValue(filter.trim());
  const { answer, rowAt, onRange, error, refetch } = usePages<EffectiveRow, EffectiveRows>({
    queryKey: ["tableRows", "effective", account, name, asked],
    fetch: (offset, limit) => backend.effectiveTable(account, name, { offset, limit, filter: asked }),
  });
  const total = answer?.total ?? 0;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    onChange: (instance) => onRange(instance.range?.startIndex ?? 0, instance.range?.endIndex ?? 0),
  });
  return (
    <Dialog open wide onClose={onClose} title={`${name} in force`} description="What mappings of this account read: its own entries, and the environment's where it has none. Edits that are not saved are not among them.">
      <div className="mt-3 flex items-center gap-3">
        <Input aria-label="Filter the entries in force" placeholder="Filter" className="max-w-60" value={filter} onChange={(event) => setFilter(event.target.value)} />
        <span className="text-ink-3 tabular-nums" role="status">
          {answer && counted(total, "entry", "entries")}
        </span>
      </div>
      {error && <ErrorState compact error={error} onRetry={refetch} />}
      {!answer && !error && <Skeleton className="py-3" lines={5} />}
      {answer && total === 0 && <p className="py-3 text-ink-2">{asked === "" ? "No level has an entry yet." : `No entry has “${asked}” in it.`}</p>}
      {total > 0 && (
        <>
          <div className="mt-2 grid h-8 grid-cols-[1fr_1.5fr_110px_1.5fr] items-center gap-2 border-b border-line text-micro text-ink-3">
            <span>Key</span>
            <span>Value</span>
            <span>Said by</span>
            <span>The level below says</span>
          </div>
          <div ref={scroller} role="group" aria-label={`Entries of ${name} in force`} tabIndex={0} className="relative h-[40vh] overflow-auto">
            <div className="relative" style={{ height: rows.getTotalSize() }}>
              {rows.getVirtualItems().map((item) => {
                const row = rowAt(item.index);
                return row ? (
                  <div
                    key={row.key}
                    style={{ transform: `translateY(${item.start}px)`, height: ROW }}
                    className="absolute inset-x-0 top-0 grid grid-cols-[1fr_1.5fr_110px_1.5fr] items-center gap-2 border-b border-line-2"
                  >
                    <span className="truncate font-mono text-code" title={row.key}>
                      {row.key}
                    </span>
                    <span className="truncate" title={row.value}>
                      {row.value}
                    </span>
                    <LevelChip level={row.level} />
                    <span className="truncate text-ink-2" title={row.below ?? undefined}>
                      {row.below ?? (row.level === "account" ? "nothing" : "")}
                    </span>
                  </div>
                ) : null;
              })}
            </div>
          </div>
        </>
      )}
    </Dialog>
  );
}
