import { useCallback } from "react";

import { IN_MEMORY, recall, remember, useStored } from "../../../app/place";
import type { TableView } from "../../../backend";
import { type Edits, NO_EDITS, pending } from "./edits";

/** Unsaved edits of an account's tables. They live until they are saved or discarded, or the program ends. */
export type TableDrafts = Readonly<Record<string, Edits>>;

type Which = Pick<TableView, "level" | "scope" | "name">;

const NONE: TableDrafts = {};

// Keys that nobody mapped are taken from records, so the drafts are never written down.
const placeOf = (account: string) => `${IN_MEMORY}${account}:tables`;

/** What a table's draft is kept under. */
export function draftKey({ level, scope, name }: Which): string {
  return `${level}:${scope}:${name}`;
}

/** The tables that have changes to be saved, with how many. */
export function unsaved(drafts: TableDrafts): (Which & { changes: number })[] {
  return Object.entries(drafts).flatMap(([key, edits]) => {
    const [level = "", scope = "", name = ""] = key.split(":");
    const changes = pending(edits).length;
    return changes > 0 ? [{ level, scope, name, changes }] : [];
  });
}

/** The drafts with one table's changed; a table without a step to undo or redo has none. */
export function withEdits(drafts: TableDrafts, table: string, change: (old: Edits) => Edits): TableDrafts {
  const { [table]: old = NO_EDITS, ...others } = drafts;
  const made = change(old);
  return made.done.length + made.undone.length === 0 ? others : { ...others, [table]: made };
}

/** The drafts of all tables of an account. */
export function useTableDrafts(account: string): TableDrafts {
  return useStored<TableDrafts>(placeOf(account), NONE)[0];
}

/** The unsaved edits of one table as this account's user left them, and how to change them. */
export function useTableEdits(account: string, which: Which): [Edits, (change: (old: Edits) => Edits) => void] {
  const table = draftKey(which);
  const drafts = useTableDrafts(account);
  const change = useCallback(
    (next: (old: Edits) => Edits) => {
      const made = withEdits((recall(placeOf(account)) as TableDrafts | undefined) ?? NONE, table, next);
      remember(placeOf(account), Object.keys(made).length === 0 ? undefined : made);
    },
    [account, table],
  );
  return [drafts[table] ?? NO_EDITS, change];
}
