import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";

import { type RawPage, type RawRow, backend } from "../../../backend";
import { type Expansion, toggled } from "./expansion";

/** Rows a page carries: two screens full, so that a record of any size opens with one short answer. */
const PAGE = 100;

/** Containers of one lineage that are opened together: more would bury what they are opened for. */
const MOST_REVEALED = 8;

export interface RecordKey {
  account: string;
  resource: string;
  id: string;
}

function list(expansion: Expansion): string[] | null {
  return expansion === null ? null : [...expansion];
}

function pageQuery(record: RecordKey, expansion: Expansion, page: number) {
  const expanded = list(expansion);
  return {
    queryKey: ["rawPage", record.account, record.resource, record.id, expanded, page],
    queryFn: () =>
      backend.rawPage(record.account, record.resource, record.id, {
        offset: page * PAGE,
        limit: PAGE,
        expanded,
        locate: null,
      }),
    staleTime: Infinity,
  };
}

/** The first page of a record, to have it at hand before J or K asks for it. */
export function firstRawPage(record: RecordKey) {
  return pageQuery(record, null, 0);
}

/** What was loaded last, shown while the next answer is on its way so that nothing flickers. */
interface Kept {
  record: string;
  pages: Map<number, readonly RawRow[]>;
  page: RawPage | null;
}

/** The raw tree of one record: only the rows around the visible ones are ever here. */
export function useRawTree(record: RecordKey, visible: { first: number; last: number }) {
  const client = useQueryClient();
  const [expansion, setExpansion] = useState<Expansion>(null);
  const kept = useRef<Kept>({ record: "", pages: new Map(), page: null });
  const name = `${record.account}/${record.resource}/${record.id}`;
  if (kept.current.record !== name) {
    kept.current = { record: name, pages: new Map(), page: null };
  }

  const firstPage = Math.floor(Math.max(0, visible.first) / PAGE);
  const lastPage = Math.max(firstPage, Math.floor(Math.max(0, visible.last) / PAGE));
  const wanted = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index);
  const answers = useQueries({ queries: wanted.map((page) => pageQuery(record, expansion, page)) });
  answers.forEach((answer, index) => {
    if (answer.data) {
      kept.current.pages.set(wanted[index] ?? 0, answer.data.rows);
      kept.current.page = answer.data;
    }
  });
  const page = kept.current.page;
  const error = answers.find((answer) => answer.error)?.error ?? null;

  const rowAt = useCallback(
    (index: number): RawRow | undefined => kept.current.pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    [],
  );

  const actions = useMemo(() => {
    const inForce = () => kept.current.page?.expanded ?? [];
    const change = (next: Expansion) => {
      setExpansion(next);
    };
    const loaded = async (index: number) => {
      const answer = await client.fetchQuery(pageQuery(record, expansion, Math.floor(index / PAGE)));
      return { row: answer.rows[index % PAGE], total: answer.total };
    };
    return {
      toggle: (path: string) => change(toggled(inForce(), path)),

      /** Opens the way to what a field reads; the row of its first place, or null where the record has nothing of it. */
      async reveal(reads: readonly string[]): Promise<number | null> {
        const before = inForce();
        let expanded: string[] = before;
        let first: string | null = null;
        let at: number | null = null;
        for (const locate of reads.slice(0, MOST_REVEALED)) {
          // One after the other: each answer says which containers are open for the next.
          const answer = await backend.rawPage(record.account, record.resource, record.id, {
            offset: 0,
            limit: 1,
            expanded,
            locate,
          });
          if (answer.located) {
            expanded = answer.expanded;
            first ??= locate;
            at = first === locate ? answer.located.index : at;
          }
        }
        if (first !== null && reads.length > 1) {
          const answer = await backend.rawPage(record.account, record.resource, record.id, {
            offset: 0,
            limit: 1,
            expanded,
            locate: first,
          });
          at = answer.located?.index ?? at;
        }
        if (expanded.length !== before.length || expanded.some((path) => !before.includes(path))) {
          change(new Set(expanded));
        }
        return at;
      },

      /** The row of the container around row `index`: the next one above that is less deep. */
      async parentOf(index: number): Promise<number | null> {
        const depth = rowAt(index)?.depth ?? 0;
        for (let above = index - 1; above >= 0 && depth > 0; above -= 1) {
          const row = rowAt(above) ?? (await loaded(above)).row;
          if (row && row.depth < depth) {
            return above;
          }
        }
        return null;
      },

      /** The next leaf after `index` that nothing reads, going round at the end. */
      async nextUnread(index: number): Promise<number | null> {
        const total = kept.current.page?.total ?? 0;
        for (let step = 1; step <= total; step += 1) {
          const at = (index + step) % total;
          const row = rowAt(at) ?? (await loaded(at)).row;
          if (row && !row.read && row.kind !== "null" && !(row.expandable && row.expanded)) {
            return at;
          }
        }
        return null;
      },
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `name` is the record by value
  }, [client, name, expansion, rowAt]);

  /** Asks again for the rows that did not come. */
  const retry = () => {
    for (const answer of answers.filter((each) => each.error)) {
      void answer.refetch();
    }
  };

  return {
    total: page?.total ?? 0,
    bytes: page?.bytes ?? null,
    fetchedAt: page?.fetched_at ?? null,
    ready: page !== null,
    error,
    retry,
    rowAt,
    ...actions,
  };
}
