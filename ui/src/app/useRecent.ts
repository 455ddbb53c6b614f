import { useEffect } from "react";

import { recall, remember } from "./place";

const KEPT = 12;

/** Puts an account, once it is there, first among those opened lately. */
export function useRecent(account: string | null) {
  useEffect(() => {
    if (account === null) {
      return;
    }
    const before = recall("recent");
    const list = Array.isArray(before) ? (before as string[]) : [];
    if (list[0] !== account) {
      remember("recent", [account, ...list.filter((each) => each !== account)].slice(0, KEPT));
    }
  }, [account]);
}
