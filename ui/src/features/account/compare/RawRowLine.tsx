import { ChevronDown, ChevronRight } from "lucide-react";
import { memo } from "react";

import type { RawRow } from "../../../backend";
import { toneOf } from "./JsonValue";
import type { Link } from "./links";

interface Props {
  row: RawRow;
  /** The value behind the mask, once asked for. */
  revealed: string | null;
  index: number;
  total: number;
  link: Link;
  active: boolean;
  style: { transform: string; height: number };
  domId: string;
  onToggle: (path: string) => void;
  onPoint: (index: number) => void;
  onChoose: (index: number, anchor: HTMLElement) => void;
}

/**
 * What stands after the key: a leaf's value, texts in quotes so that an empty one, "null" and "12" are not taken for
 * nothing, null and a number; how much a container holds; dots where it is masked.
 */
export function shownValue(row: Pick<RawRow, "kind" | "count" | "masked" | "preview">, revealed: string | null): string {
  if (row.kind === "array") {
    return `[ ${row.count ?? 0} ]`;
  }
  if (row.kind === "object") {
    return `{ ${row.count ?? 0} }`;
  }
  if (row.masked && revealed === null) {
    return "••••••••";
  }
  const value = revealed ?? row.preview;
  return row.kind === "string" ? `"${value}"` : value;
}

/** What the colours and dots say, for those who do not see them. */
function spoken(row: RawRow, link: Link): string {
  return [
    row.custom ? "custom field" : "",
    row.read || row.kind === "null" ? "" : "read by nothing",
    link === "read" ? "source of the chosen field" : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** One row of the raw tree. Its text is the record's own: always text, never HTML. */
export const RawRowLine = memo(function RawRowLine(props: Props) {
  const { row, link, active } = props;
  const Chevron = row.expanded ? ChevronDown : ChevronRight;
  const light =
    link === "read"
      ? "bg-read-soft shadow-[inset_3px_0_0_var(--read)]"
      : link === "on_the_way"
        ? "shadow-[inset_3px_0_0_var(--read-soft)]"
        : "";
  return (
    <div
      id={props.domId}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={props.index + 1}
      aria-setsize={props.total}
      aria-selected={active}
      {...(row.expandable ? { "aria-expanded": row.expanded } : {})}
      tabIndex={-1}
      data-path={row.path}
      data-link={link}
      style={{ ...props.style, paddingLeft: 10 + row.depth * 15 }}
      className={`absolute inset-x-0 top-0 flex items-center gap-1 pr-3 font-mono text-code whitespace-nowrap ${light} ${
        active ? "outline-2 -outline-offset-2 outline-transparent group-focus/tree:outline-accent" : ""
      }`}
      onMouseEnter={() => props.onPoint(props.index)}
      onClick={(event) =>
        row.expandable ? props.onToggle(row.path) : props.onChoose(props.index, event.currentTarget)
      }
      onContextMenu={(event) => {
        event.preventDefault();
        props.onChoose(props.index, event.currentTarget);
      }}
    >
      {row.expandable ? <Chevron aria-hidden size={12} className="shrink-0 text-ink-3" /> : <span className="w-3 shrink-0" />}
      <span className="shrink-0 text-json-key">{row.key}:</span>
      <span
        className={`min-w-0 flex-1 truncate ${row.masked && props.revealed === null ? "text-ink-3" : toneOf(row.kind)} ${row.kind === "null" ? "italic" : ""}`}
      >
        {shownValue(row, props.revealed)}
      </span>
      {row.masked && props.revealed === null && <span className="rounded bg-quiet-soft px-1.5 font-sans text-micro text-ink-2">masked</span>}
      {!row.read && row.kind !== "null" ? (
        <span className="rounded bg-read-soft px-1.5 font-sans text-micro text-read">unread</span>
      ) : (
        row.read && <span aria-hidden className="size-1.5 shrink-0 rounded-full bg-accent opacity-60" />
      )}
      <span className="sr-only">{spoken(row, link)}</span>
    </div>
  );
});
