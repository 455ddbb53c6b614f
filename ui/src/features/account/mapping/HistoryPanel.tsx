import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { BackendError, type OverrideVersion, type Which, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { Time } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast, toastError } from "../../../components/Toasts";
import { DifferenceText } from "./DifferenceText";
import { typeName } from "./fieldTypes";

interface Props {
  which: Which;
  onChanged: () => void;
}

const MOST = 50;

function actionText(version: OverrideVersion, what: string): string {
  if (version.restored_version !== null) {
    return `restored version ${version.restored_version}`;
  }
  const words: Record<string, string> = {
    set: "set",
    remove: `removed the ${what}`,
    inherit: "went back to the level below",
  };
  return words[version.action] ?? version.action;
}

/** Every version of a field's or a filter's override at one level, newest first, each with what it changed. Nothing is ever overwritten. */
export function HistoryPanel({ which, onChanged }: Props) {
  const client = useQueryClient();
  const [busy, setBusy] = useState<number | null>(null);
  const [asking, setAsking] = useState<{ message: string; version: OverrideVersion } | null>(null);
  const history = useQuery({
    queryKey: ["overrideHistory", which],
    queryFn: () => backend.overrideHistory(which),
  });
  const restore = async (version: OverrideVersion, force = false) => {
    setBusy(version.version);
    setAsking(null);
    try {
      await backend.restoreOverride(which, version.version, null, force);
      await client.invalidateQueries({ queryKey: ["overrideHistory"] });
      onChanged();
      toast(`Version ${version.version} of ${which.field} is in force again`, {
        undo: async () => {
          await backend.restoreOverride(which, null, null, true);
          onChanged();
        },
      });
    } catch (error) {
      if (error instanceof BackendError && error.code === "required_field_fails") {
        setAsking({ message: error.message, version });
      } else {
        toastError(error);
      }
    }
    setBusy(null);
  };
  if (history.error) {
    return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  }
  if (!history.data) {
    return <Skeleton className="p-3" />;
  }
  if (history.data.length === 0) {
    return (
      <p className="p-3 text-ink-2">
        Nothing was ever changed at the level {which.level}. The first version you save shows here.
      </p>
    );
  }
  return (
    <>
      <ol aria-label={`History of ${which.field}`} className="min-h-0 flex-1 overflow-auto" tabIndex={0}>
        {history.data.slice(0, MOST).map((version, index) => (
          <li key={version.version} className="border-b border-line-2 px-3 py-2">
            <div className="flex items-center gap-2">
              <span className="font-medium">Version {version.version}</span>
              <span className="text-ink-2">
                {version.actor} {actionText(version, which.request ? "filter" : "field")}
              </span>
              <Time at={version.at} className="text-ink-3" />
              <span className="ml-auto">
                {index === 0 ? (
                  <Badge tone="ok">in force</Badge>
                ) : (
                  <Button small busy={busy === version.version} onClick={() => void restore(version)}>
                    Restore
                  </Button>
                )}
              </span>
            </div>
            {version.note && <p className="text-ink-2">{version.note}</p>}
            {version.type !== null && <p className="text-ink-3">a field of its own, {typeName(version.type)}</p>}
            <DifferenceText before={version.before} after={version.after} />
          </li>
        ))}
        {history.data.length > MOST && (
          <li className="px-3 py-2 text-ink-3">
            {history.data.length - MOST} older versions: xwalk map history lists them all.
          </li>
        )}
      </ol>
      <ConfirmDialog
        open={asking !== null}
        onClose={() => setAsking(null)}
        onConfirm={() => asking && void restore(asking.version, true)}
        title="Restore although a required field fails?"
        consequence={asking?.message ?? ""}
        confirmLabel="Restore anyway"
      />
    </>
  );
}
