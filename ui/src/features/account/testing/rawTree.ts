import type { RawPage, RawQuery, RawRow } from "../../../backend";
import { lineageOf, linkOf } from "../compare/links";
import { ancestors, spellPath, type RawStep } from "../compare/rawPath";
import { MASKED, type RawRecord } from "./sampleRecords";

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function children(value: unknown): [RawStep, string, unknown][] {
  if (Array.isArray(value)) {
    return value.map((item, index) => [{ index }, String(index), item]);
  }
  return Object.entries(value as object).map(([key, item]) => [{ key }, key, item]);
}

/** The tree of a record as the engine flattens it; the fake's own, small and slow. */
export function flatten(
  record: RawRecord,
  expanded: ReadonlySet<string>,
  reads: readonly string[],
): RawRow[] {
  const lineage = lineageOf(reads);
  const rows: RawRow[] = [];
  const walk = (value: unknown, steps: RawStep[]) => {
    const items = children(value);
    if (steps.length === 0) {
      items.sort((a, b) => Number(b[1] === "custom-fields") - Number(a[1] === "custom-fields"));
    }
    for (const [step, key, item] of items) {
      const path = spellPath([...steps, step]);
      const kind = kindOf(item);
      const expandable = kind === "object" || kind === "array";
      const masked = MASKED.includes(path);
      const size = expandable ? children(item).length : null;
      rows.push({
        path,
        key,
        depth: steps.length,
        kind,
        preview: masked || expandable ? "" : typeof item === "string" ? item : JSON.stringify(item),
        count: size,
        read: linkOf(lineage, path) !== "none",
        custom: path.startsWith("custom-fields."),
        masked,
        expandable,
        expanded: expanded.has(path),
      });
      if (expandable && expanded.has(path)) {
        walk(item, [...steps, step]);
      }
    }
  };
  walk(record, []);
  return rows;
}

/** One page of a record's tree, with the rows that `locate` asks for opened. */
export function rawPageOf(record: RawRecord, reads: readonly string[], query: RawQuery): RawPage {
  const expanded = new Set(query.expanded ?? ["custom-fields", "currency", "supplier"]);
  let located: RawPage["located"] = null;
  const { locate = null } = query;
  if (locate !== null) {
    const lineage = lineageOf([locate]);
    const every = new Set<string>();
    for (let depth = 0; depth < 6; depth += 1) {
      for (const row of flatten(record, every, [])) {
        if (row.expandable) {
          every.add(row.path);
        }
      }
    }
    const found = flatten(record, every, []).find((row) => linkOf(lineage, row.path) === "read");
    if (found) {
      for (const path of ancestors(found.path)) {
        expanded.add(path);
      }
      const index = flatten(record, expanded, reads).findIndex((row) => row.path === found.path);
      located = { index, path: found.path };
    }
  }
  const rows = flatten(record, expanded, reads);
  return {
    total: rows.length,
    bytes: JSON.stringify(record).length,
    fetched_at: "2026-11-21T13:10:22Z",
    expanded: [...expanded],
    located,
    rows: rows.slice(query.offset, query.offset + query.limit),
  };
}
