import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type OverrideVersion, type Which, backend } from "../../../backend";
import { toast } from "../../../components/Toasts";

/** Changes of what one filter asks for at one level: each is a version, and can be taken back. `onSaved` hears of each. */
export function useFilterChange(which: Which, onSaved: () => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const refresh = async () => {
    await Promise.all(["filterTable", "modelFilters", "overrideHistory"].map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
  const change = async (write: () => Promise<OverrideVersion>, told: (version: OverrideVersion) => string) => {
    if (busy) {
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      const version = await write();
      await refresh();
      onSaved();
      toast(told(version), {
        undo: async () => {
          await backend.undoOverride(which, version.version);
          await refresh();
        },
      });
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    }
    setBusy(false);
  };
  return {
    busy,
    failure,
    refresh,
    /** Puts an expression in force at the level; null: the provider is not asked by the filter there. */
    save: (expression: string | null, note: string) =>
      change(
        () => backend.saveOverride(which, expression, null, note.trim() === "" ? null : note.trim(), false),
        ({ version }) =>
          expression === null ? `${which.field} is no longer asked by (version ${version})` : `Version ${version} of ${which.field} is in force`,
      ),
    /** Lets the levels below hold again. */
    withdraw: () =>
      change(
        () => backend.unsetOverride(which, null, false),
        ({ version }) => `${which.field} is inherited again (version ${version})`,
      ),
  };
}
