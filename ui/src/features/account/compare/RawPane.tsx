import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";

import type { RawRow } from "../../../backend";
import { ErrorState } from "../../../components/States";
import { toast, toastError } from "../../../components/Toasts";
import { RawRowLine } from "./RawRowLine";
import { treeMove } from "./expansion";
import { type Lineage, linkOf } from "./links";
import { clampedStep } from "./recordSteps";
import { type RecordKey, useRawTree } from "./useRawTree";

const ROW = 22;

/** What can be done with a raw place; the pane asks, the screen carries out. */
export type RawDeed = "menu" | "copyValue" | "copyPath" | "map" | "reveal";

interface Props {
  record: RecordKey;
  /** What the chosen unified field reads; its sources light up. */
  lineage: Lineage | null;
  /** Raw paths to open and scroll to; a new array asks again. */
  wanted: readonly string[] | null;
  /** Masked values the user asked to see, by path. */
  revealed: ReadonlyMap<string, string>;
  onPoint: (path: string | null) => void;
  onDeed: (deed: RawDeed, row: RawRow, anchor: HTMLElement | null) => void;
  /** Counts up to ask for the next raw leaf that nothing reads. */
  unreadAsked: number;
  onLoaded: (about: { bytes: number | null; fetchedAt: string | null }) => void;
}

const DEEDS: Record<string, RawDeed> = { c: "copyValue", p: "copyPath", m: "map", r: "reveal" };

/** The record as received: a virtualised tree that loads only the rows around the visible ones. */
export function RawPane(props: Props) {
  const { record, lineage, wanted, revealed, onPoint, onDeed, unreadAsked, onLoaded } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const treeId = useId();
  const [active, setActive] = useState(0);
  const [visible, setVisible] = useState({ first: 0, last: 40 });
  const tree = useRawTree(record, visible);
  const { total, rowAt, reveal, nextUnread, bytes, fetchedAt } = tree;

  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    onChange: (instance) => {
      const { startIndex = 0, endIndex = 0 } = instance.range ?? {};
      setVisible((old) =>
        old.first === startIndex && old.last === endIndex ? old : { first: startIndex, last: endIndex },
      );
    },
  });

  useEffect(() => {
    onLoaded({ bytes, fetchedAt });
  }, [bytes, fetchedAt, onLoaded]);

  const shown = rows.getVirtualItems();
  const scrollTo = rows.scrollToIndex;
  const go = useCallback(
    (index: number) => {
      setActive(index);
      scrollTo(index, { align: "auto" });
    },
    [scrollTo],
  );

  // What a field reads scrolls into view; the newest wish wins.
  const revealing = useRef(reveal);
  revealing.current = reveal;
  useEffect(() => {
    let overtaken = false;
    if (wanted && wanted.length > 0) {
      void revealing.current(wanted).then((index) => {
        if (!overtaken && index !== null) {
          setActive(index);
          // The rows opened on the way are laid out first.
          requestAnimationFrame(() => scrollTo(index, { align: "center" }));
        }
        return undefined;
      }, (error: unknown) => (overtaken ? undefined : toastError(error)));
    }
    return () => {
      overtaken = true;
    };
  }, [wanted, record.id, scrollTo]);

  const goUnread = useCallback(() => {
    nextUnread(active).then((index) => {
      if (index !== null) {
        go(index);
      } else if (total > 0) {
        toast("Every raw field of this record is read");
      }
      return undefined;
    }, toastError);
  }, [nextUnread, active, go, total]);

  const unreadSeen = useRef(unreadAsked);
  useEffect(() => {
    if (unreadAsked !== unreadSeen.current) {
      unreadSeen.current = unreadAsked;
      scroller.current?.focus();
      goUnread();
    }
  }, [unreadAsked, goUnread]);

  const domId = (index: number) => `${treeId}-${index}`;
  const choose = useCallback(
    (index: number, anchor: HTMLElement) => {
      const row = rowAt(index);
      setActive(index);
      if (row) {
        onDeed("menu", row, anchor);
      }
    },
    [rowAt, onDeed],
  );
  const point = useCallback((index: number) => onPoint(rowAt(index)?.path ?? null), [rowAt, onPoint]);

  function step(steps: number) {
    const index = clampedStep(active, steps, total);
    if (index >= 0) {
      go(index);
      onPoint(rowAt(index)?.path ?? null);
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const row = rowAt(active);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 20,
      PageUp: -20,
      Home: -total,
      End: total,
    };
    const by = steps[event.key];
    // Letters with Shift are the screen's: Shift P pins the record, P copies a path.
    const shifted = event.shiftKey && event.key.length === 1 && event.key !== " ";
    if (event.ctrlKey || event.metaKey || event.altKey || shifted || !row) {
      return;
    }
    const anchor = document.getElementById(domId(active));
    const deed = DEEDS[event.key];
    if (by !== undefined) {
      step(by);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const move = treeMove(event.key, row, rowAt(active + 1) ?? null);
      if (move?.kind === "toggle") {
        tree.toggle(move.path);
      } else if (move && event.key === "ArrowRight") {
        step(1);
      } else if (move) {
        tree.parentOf(active).then((index) => (index === null ? undefined : go(index)), toastError);
      }
    } else if (event.key === "Enter" || event.key === " ") {
      if (row.expandable && event.key === " ") {
        tree.toggle(row.path);
      } else {
        onDeed("menu", row, anchor);
      }
    } else if (event.key === "u") {
      goUnread();
    } else if (deed) {
      onDeed(deed, row, anchor);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      {tree.error && (
        <div className="p-2">
          <ErrorState compact error={tree.error} onRetry={tree.retry} />
        </div>
      )}
      <div
        ref={scroller}
        role={total > 0 ? "tree" : "group"}
        aria-label="Raw record"
        aria-busy={!tree.ready && !tree.error}
        tabIndex={0}
        aria-activedescendant={
          shown.some((item) => item.index === active) && rowAt(active) ? domId(active) : undefined
        }
        className="group/tree relative min-h-0 flex-1 overflow-auto focus-visible:outline-none"
        onKeyDown={onKeyDown}
        onFocus={() => onPoint(rowAt(active)?.path ?? null)}
        onMouseLeave={() => onPoint(null)}
      >
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {shown.map((item) => {
            const row = rowAt(item.index);
            const style = { transform: `translateY(${item.start}px)`, height: ROW };
            return row ? (
              <RawRowLine
                key={item.key}
                row={row}
                revealed={revealed.get(row.path) ?? null}
                index={item.index}
                total={total}
                link={lineage === null ? "none" : linkOf(lineage, row.path)}
                active={item.index === active}
                style={style}
                domId={domId(item.index)}
                onToggle={tree.toggle}
                onPoint={point}
                onChoose={choose}
              />
            ) : (
              <div key={item.key} aria-hidden style={style} className="absolute inset-x-0 top-0 flex items-center px-3">
                <span className="h-2 w-2/5 rounded bg-quiet-soft" />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
