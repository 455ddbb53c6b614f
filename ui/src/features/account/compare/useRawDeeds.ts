import { useCallback, useEffect, useRef, useState } from "react";

import { type RawRow, backend, listen } from "../../../backend";
import { copyRevealed, copyText } from "../../../components/clipboard";
import { toast, toastError } from "../../../components/Toasts";
import type { RawDeed } from "./RawPane";
import type { RecordKey } from "./useRawTree";

/** Copying, revealing and choosing what to map, for the rows of one record. */
export function useRawDeeds(record: RecordKey, onMap: ((row: RawRow) => void) | null) {
  const [menu, setMenu] = useState<{ row: RawRow; anchor: HTMLElement | null } | null>(null);
  const [revealed, setRevealed] = useState<{ record: string; values: ReadonlyMap<string, string> }>({
    record: "",
    values: new Map(),
  });
  // What was revealed is hidden again when the window locks, and what comes after that is not shown.
  const locks = useRef(0);
  useEffect(
    () =>
      listen("lock-changed", ({ locked }) => {
        if (locked) {
          locks.current += 1;
          setRevealed({ record: "", values: new Map() });
        }
      }),
    [],
  );
  const { account, resource, id } = record;
  const values = revealed.record === id ? revealed.values : new Map<string, string>();

  const carryOut = useCallback(
    async (deed: RawDeed, row: RawRow, anchor: HTMLElement | null = null) => {
      setMenu(deed === "menu" ? { row, anchor } : null);
      try {
        if (deed === "map") {
          onMap?.(row);
        } else if (deed === "copyPath") {
          await copyText(row.path);
          toast(`Copied ${row.path}`);
        } else if (deed === "copyValue" && !row.expandable) {
          const shown = values.get(row.path);
          if (shown === undefined) {
            await copyText(await backend.rawValue(account, resource, id, row.path, false));
            toast("Copied the value");
          } else {
            await copyRevealed(shown);
            toast("Copied; it leaves the clipboard after 30 s");
          }
        } else if (deed === "reveal" && row.masked) {
          const asked = locks.current;
          const value = await backend.rawValue(account, resource, id, row.path, true);
          if (locks.current === asked) {
            setRevealed((old) => ({
              record: id,
              values: new Map([...(old.record === id ? old.values : []), [row.path, value]]),
            }));
          }
        }
      } catch (error) {
        toastError(error);
      }
    },
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `values` follows from the revealed ones and the record
    [account, resource, id, onMap, revealed],
  );
  return { menu, closeMenu: useCallback(() => setMenu(null), []), carryOut, revealed: values };
}
