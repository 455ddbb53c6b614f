import { useQueries } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";

interface Kept<Row, Answer> {
  name: string;
  pages: Map<number, readonly Row[]>;
  answer: Answer | null;
}

/**
 * A list that comes in pages: only those in sight are asked for, and what was there stays until the answer to a new
 * question is here, so that typing in a filter never blanks the list.
 */
export function usePages<Row, Answer extends { rows: Row[] }>({
  queryKey,
  fetch,
  size = 100,
  enabled = true,
  refetchMs,
}: {
  queryKey: readonly unknown[];
  fetch: (offset: number, limit: number) => Promise<Answer>;
  size?: number;
  enabled?: boolean;
  /** Asks again after this long while the answer says that it is not whole yet. */
  refetchMs?: (answer: Answer | undefined) => number | false;
}) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const kept = useRef<Kept<Row, Answer>>({ name: "", pages: new Map(), answer: null });
  const name = JSON.stringify(queryKey);
  const firstPage = Math.floor(range.first / size);
  const lastPage = Math.floor(range.last / size);
  const wanted = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index);
  const answers = useQueries({
    queries: wanted.map((page) => ({
      queryKey: [...queryKey, page],
      queryFn: () => fetch(page * size, size),
      enabled,
      ...(refetchMs
        ? { refetchInterval: (query: { state: { data: Answer | undefined } }) => refetchMs(query.state.data) }
        : {}),
    })),
  });
  answers.forEach((answer, index) => {
    if (answer.data) {
      if (kept.current.name !== name) {
        kept.current = { name, pages: new Map(), answer: null };
      }
      kept.current.pages.set(wanted[index] ?? 0, answer.data.rows);
      kept.current.answer = answer.data;
    }
  });
  const rowAt = useCallback(
    (index: number): Row | undefined => kept.current.pages.get(Math.floor(index / size))?.[index % size],
    [size],
  );
  const onRange = useCallback(
    (first: number, last: number) =>
      setRange((old) => (old.first === first && old.last === last ? old : { first, last })),
    [],
  );
  const failed = answers.find((answer) => answer.error);
  return {
    answer: kept.current.answer,
    rowAt,
    onRange,
    error: failed?.error ?? null,
    refetch: () => answers.forEach((answer) => void answer.refetch()),
  };
}
