import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";

import { clampedStep } from "./recordSteps";

/** How a field stands to what is pointed at or chosen in the other panes. */
export type FieldLight = "chosen" | "lit" | "none";

interface Props<T> {
  label: string;
  fields: readonly T[];
  nameOf: (field: T) => string;
  lightOf: (field: T) => FieldLight;
  /** The field the keyboard is on. */
  active: string | null;
  /** The item that is open, marked even without focus. */
  chosen?: string | null;
  estimate: number;
  onActive: (field: string) => void;
  onPoint: (field: string | null) => void;
  /** Enter or a click. */
  onChoose: (field: T) => void;
  render: (field: T) => ReactNode;
}

const LIGHT: Record<FieldLight, string> = {
  chosen: "bg-read-soft shadow-[inset_3px_0_0_var(--read)]",
  lit: "bg-read-soft",
  none: "",
};

/** A virtualised list one chooses from: the mapping pane, the unified pane and the list of resources. */
export function FieldList<T>(props: Props<T>) {
  const { fields, nameOf, active } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const activeIndex = fields.findIndex((field) => nameOf(field) === active);
  const rows = useVirtualizer({
    count: fields.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.estimate,
    getItemKey: (index) => {
      const field = fields[index];
      return field === undefined ? index : nameOf(field);
    },
    overscan: 6,
  });

  const shown = rows.getVirtualItems();
  const scrollTo = rows.scrollToIndex;
  useEffect(() => {
    if (activeIndex >= 0) {
      scrollTo(activeIndex, { align: "auto" });
    }
  }, [activeIndex, scrollTo]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
      Home: -fields.length,
      End: fields.length,
    };
    const by = steps[event.key];
    const current = fields[activeIndex];
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (by !== undefined) {
      const next = fields[clampedStep(Math.max(activeIndex, 0), activeIndex < 0 ? 0 : by, fields.length)];
      if (next !== undefined) {
        props.onActive(nameOf(next));
      }
    } else if (event.key === "Enter" && current !== undefined) {
      props.onChoose(current);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={scroller}
      role={fields.length > 0 ? "listbox" : "group"}
      aria-label={props.label}
      tabIndex={0}
      aria-activedescendant={shown.some((item) => item.index === activeIndex) ? `${listId}-${activeIndex}` : undefined}
      className="group/list relative min-h-0 flex-1 overflow-auto focus-visible:outline-none"
      onKeyDown={onKeyDown}
      onFocus={() => {
        const first = fields[0];
        if (activeIndex < 0 && first !== undefined) {
          props.onActive(nameOf(first));
        }
      }}
      onMouseLeave={() => props.onPoint(null)}
    >
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
        {shown.map((item) => {
          const field = fields[item.index];
          if (field === undefined) {
            return null;
          }
          const name = nameOf(field);
          return (
            <div
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              id={`${listId}-${item.index}`}
              role="option"
              aria-selected={name === active}
              aria-posinset={item.index + 1}
              aria-setsize={fields.length}
              data-light={props.lightOf(field)}
              tabIndex={-1}
              style={{ transform: `translateY(${item.start}px)` }}
              className={`absolute inset-x-0 top-0 border-b border-line-2 px-3 ${LIGHT[props.lightOf(field)]} ${name === props.chosen ? "bg-accent-soft" : ""} ${
                name === active ? "outline-2 -outline-offset-2 outline-transparent group-focus/list:outline-accent" : ""
              }`}
              onMouseEnter={() => props.onPoint(name)}
              onClick={() => {
                props.onActive(name);
                props.onChoose(field);
              }}
            >
              {props.render(field)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
