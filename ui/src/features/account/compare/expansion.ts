import { ancestors, parentPath } from "./rawPath";

/** Which containers of a raw tree are open; null leaves the choice to the engine (roots and custom fields). */
export type Expansion = ReadonlySet<string> | null;

/** A row as far as moving through the tree needs it. */
export interface TreeRow {
  path: string;
  depth: number;
  expandable: boolean;
  expanded: boolean;
}

/** Opens or closes `path`; `inForce` is what the engine last answered with, since null says nothing of it. */
export function toggled(inForce: readonly string[], path: string): Set<string> {
  const next = new Set(inForce);
  if (!next.delete(path)) {
    next.add(path);
  }
  return next;
}

/** Opens every container on the way to `path`. */
export function revealed(inForce: readonly string[], path: string): Set<string> {
  return new Set([...inForce, ...ancestors(path)]);
}

/** Closes `path` and everything inside it. */
export function collapsedBelow(inForce: readonly string[], path: string): Set<string> {
  const inside = (open: string) => open === path || ancestors(open).includes(path);
  return new Set(inForce.filter((open) => !inside(open)));
}

/** What a key does in the tree, as the tree pattern of the ARIA practices has it. */
export type TreeMove = { kind: "focus"; path: string } | { kind: "toggle"; path: string } | null;

/** The move of an arrow key on `row`; `next` is the row below it. */
export function treeMove(key: string, row: TreeRow, next: TreeRow | null): TreeMove {
  if (key === "ArrowRight" && row.expandable) {
    if (!row.expanded) {
      return { kind: "toggle", path: row.path };
    }
    return next && next.depth > row.depth ? { kind: "focus", path: next.path } : null;
  }
  if (key === "ArrowLeft") {
    if (row.expandable && row.expanded) {
      return { kind: "toggle", path: row.path };
    }
    const parent = parentPath(row.path);
    return parent === null ? null : { kind: "focus", path: parent };
  }
  return null;
}
