import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { BackendError, type OverrideVersion, type Which, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Choice } from "../../../components/Choice";
import { ConfirmDialog } from "../../../components/Dialog";
import { Time } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast, toastError } from "../../../components/Toasts";
import { counted } from "../../../components/formats";
import { DifferenceText } from "./DifferenceText";
import { typeName } from "./fieldTypes";

interface Props {
  /** The override that is in force at the level, or would be. */
  which: Which;
  /** The resource it is looked at for; every resource of the model has versions of its own. */
  resource: string;
  /** Reads again what a change made stale. */
  refresh: () => Promise<void>;
  onRestored?: () => void;
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

/** Whether the latest version says something. */
function isSaid(versions: readonly OverrideVersion[]): boolean {
  const latest = versions[0];
  return latest !== undefined && latest.action !== "inherit";
}

/** The versions that are shown before one chooses: those of the override that is in force, or else of the only one there ever was. */
function shownFirst(which: Which, own: readonly OverrideVersion[] = [], every: readonly OverrideVersion[] = []): "own" | "every" {
  return which.resource === null || (own.length === 0 && every.length > 0) ? "every" : "own";
}

/** The versions for one resource, or with null for every resource of the model. */
function useVersions(which: Which) {
  return useQuery({
    queryKey: ["overrideHistory", which],
    queryFn: () => backend.overrideHistory(which),
  });
}

/** Every version of a field's or a filter's override at one level, newest first, each with what it changed. Nothing is ever overwritten. */
export function HistoryPanel({ which, resource, refresh, onRestored }: Props) {
  const [chosen, setChosen] = useState<"own" | "every" | null>(null);
  const [busy, setBusy] = useState<number | null>(null);
  const [asking, setAsking] = useState<{ message: string; version: OverrideVersion } | null>(null);
  const own = useVersions({ ...which, resource });
  const every = useVersions({ ...which, resource: null });
  const shown = chosen ?? shownFirst(which, own.data, every.data);
  const target = { ...which, resource: shown === "every" ? null : resource };
  const history = shown === "every" ? every : own;
  const restore = async (version: OverrideVersion, force = false) => {
    setBusy(version.version);
    setAsking(null);
    try {
      const restored = await backend.restoreOverride(target, version.version, null, force);
      await refresh();
      toast(`Version ${version.version} of ${which.field} is in force again`, {
        undo: async () => {
          await backend.undoOverride(target, restored.version);
          await refresh();
        },
      });
      onRestored?.();
    } catch (error) {
      if (error instanceof BackendError && error.code === "required_field_fails") {
        setAsking({ message: error.message, version });
      } else {
        toastError(error);
      }
    }
    setBusy(null);
  };
  const failed = own.error ?? every.error;
  if (failed) {
    return (
      <ErrorState
        error={failed}
        onRetry={() => {
          void own.refetch();
          void every.refetch();
        }}
      />
    );
  }
  if (!own.data || !every.data || !history.data) {
    return <Skeleton className="p-3" />;
  }
  const hidden = shown === "every" && isSaid(own.data);
  if (own.data.length === 0 && every.data.length === 0) {
    return (
      <p className="p-3 text-ink-2">
        Nothing was ever changed at the level {which.level}. The first version you save shows here.
      </p>
    );
  }
  return (
    <>
      {every.data.length > 0 && (
        <div className="px-3 py-2">
          <Choice
            label="Versions"
            value={shown}
            options={[
              { value: "own", label: `for ${resource} alone` },
              { value: "every", label: "for every resource of the model" },
            ]}
            onChange={(value) => setChosen(value === "every" ? "every" : "own")}
          />
        </div>
      )}
      {history.data.length === 0 && (
        <p className="p-3 text-ink-2">
          Nothing was ever changed for {shown === "every" ? "every resource at once" : `${resource} alone`}.
        </p>
      )}
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
                  <Badge tone={hidden ? "quiet" : "ok"}>{hidden ? `hidden by the one for ${resource}` : "in force"}</Badge>
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
            {counted(history.data.length - MOST, "older version")}: xwalk map history lists every version.
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
