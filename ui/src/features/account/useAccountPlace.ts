import { useLocation } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { accountHref, useGo } from "../../app/go";

type Search = Record<string, string | null>;

/** What the address says of where one is in an account: the resource, the record, what is filtered by. */
export function useAccountPlace(account: string) {
  const text = useLocation({ select: (location) => location.searchStr });
  const go = useGo();
  const search = useMemo(() => new URLSearchParams(text), [text]);
  const open = useCallback(
    (tab: string, place: Search, options?: { replace?: boolean }) => {
      go(accountHref(account, tab, place), options);
    },
    [account, go],
  );
  const change = useCallback(
    (tab: string, place: Search) => {
      open(tab, { ...Object.fromEntries(search), ...place }, { replace: true });
    },
    [open, search],
  );
  return { get: useCallback((name: string) => search.get(name), [search]), open, change };
}
