import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";

import { Badge } from "../../../components/Badge";
import { ErrorState, Skeleton } from "../../../components/States";
import { count, counted } from "../../../components/formats";
import { JsonValue, textOf } from "../compare/JsonValue";
import { impactText, inOrder, kindText } from "./impactOrder";
import type { ImpactState } from "./useImpactRun";

const ROW = 28;

/** A filter of the examples that is also a figure. */
function Figure(props: { value: number; kind: string; tone: "ok" | "bad" | "warn" | "accent"; chosen: boolean; onChoose: () => void }) {
  return (
    <button type="button" aria-pressed={props.chosen} onClick={props.onChoose} className={`rounded-[5px] ${props.chosen ? "ring-2 ring-accent" : ""}`}>
      <Badge tone={props.value === 0 ? "quiet" : props.tone}>
        {count(props.value)} {kindText(props.kind)}
      </Badge>
    </button>
  );
}

/** What a draft changes in the stored records: how many, which, before and after. */
export function ImpactPanel({ state, onOpen }: { state: ImpactState; onOpen: (id: string, resource: string) => void }) {
  const [kind, setKind] = useState<string | null>(null);
  const { impact, error, running, done, total } = state;
  const share = total > 0 ? done / total : 0;
  return (
    <section aria-label="Impact" className="flex min-h-0 flex-1 flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">
          Impact <span className="font-normal text-ink-2">{impact ? impactText(impact.changed, impact.records) : ""}</span>
        </h2>
        {impact && (
          <>
            <Figure value={impact.newly_failing} kind="failing" tone="bad" chosen={kind === "failing"} onChoose={() => setKind(kind === "failing" ? null : "failing")} />
            <Figure value={impact.newly_filled} kind="filled" tone="ok" chosen={kind === "filled"} onChoose={() => setKind(kind === "filled" ? null : "filled")} />
            <Figure value={impact.newly_empty} kind="emptied" tone="warn" chosen={kind === "emptied"} onChoose={() => setKind(kind === "emptied" ? null : "emptied")} />
          </>
        )}
        {impact && impact.pins.checked > 0 && (
          <Badge tone={impact.pins.broken.length > 0 ? "bad" : "ok"}>
            {impact.pins.broken.length > 0 ? `breaks ${counted(impact.pins.broken.length, "pin")}` : counted(impact.pins.checked, "pin holds", "pins hold")}
          </Badge>
        )}
      </div>
      {running && (
        <div
          role="progressbar"
          aria-label="Going through the stored records"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          className="h-1 overflow-hidden rounded-full bg-line"
        >
          <div className="h-full bg-accent" style={{ width: `${Math.round(share * 100)}%` }} />
        </div>
      )}
      {error && <ErrorState compact error={error} />}
      {!impact && running && <Skeleton lines={3} />}
      {!impact && !running && !error && (
        <p className="text-ink-3">Change the expression to see which stored records change with it.</p>
      )}
      {impact && impact.changed > 0 && <Examples key={kind} state={state} kind={kind} onOpen={onOpen} />}
    </section>
  );
}

function Examples({ state, kind, onOpen }: { state: ImpactState; kind: string | null; onOpen: (id: string, resource: string) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const examples = inOrder(state.impact?.examples ?? [], kind);
  const rows = useVirtualizer({
    count: examples.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  return (
    <div ref={scroller} role="group" aria-label="Changed records" tabIndex={0} className="relative min-h-0 flex-1 overflow-auto">
      <div className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const example = examples[item.index];
          return example ? (
            <div
              key={item.key}
              style={{ transform: `translateY(${item.start}px)`, height: ROW }}
              className="absolute inset-x-0 top-0 grid grid-cols-[96px_1fr_16px_1fr] items-center gap-2"
            >
              <button type="button" onClick={() => onOpen(example.id, example.resource)} className="truncate text-left font-mono text-code text-accent hover:underline">
                {example.id}
              </button>
              <span className="truncate">
                <JsonValue json={textOf(example.before)} empty="no value" />
              </span>
              <span aria-label="becomes" className="text-ink-3">
                →
              </span>
              <span className="truncate">
                {example.kind === "failing" ? (
                  <span className="text-bad">{example.message ?? "fails"}</span>
                ) : (
                  <JsonValue json={textOf(example.after)} empty="no value" />
                )}
              </span>
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
