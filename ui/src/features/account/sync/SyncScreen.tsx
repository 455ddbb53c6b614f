import { useQueryClient } from "@tanstack/react-query";

import { ErrorState, Skeleton } from "../../../components/States";
import { ResourcePicker } from "../ResourcePicker";
import { useAccount } from "../queries";
import { usePickedResource } from "../usePicked";
import { LiveRun } from "./LiveRun";
import { QuietNote } from "./QuietNote";
import { RunHistory } from "./RunHistory";
import { RunPage } from "./RunPage";
import { SchedulePanel } from "./SchedulePanel";
import { SyncForm } from "./SyncForm";
import { useLiveRuns } from "./useLiveRuns";
import { useResume } from "./useResume";

/** The sync tab: start, watch and stop runs, and look back at them; a run's page opens in it. */
export function SyncScreen({ account }: { account: string }) {
  const { resources, picked, pick, place } = usePickedResource(account, "sync");
  const view = useAccount(account);
  const client = useQueryClient();
  const live = useLiveRuns(account);
  const { resume, busy, dialog } = useResume();
  const open = place.get("run");
  const error = resources.error ?? view.error;
  if (open !== null) {
    return <RunPage account={account} run={open} onBack={() => place.open("sync", { resource: picked?.key ?? null })} />;
  }
  if (error) {
    return <ErrorState error={error} onRetry={() => void client.invalidateQueries()} />;
  }
  if (!resources.data || !view.data || !picked) {
    return <Skeleton className="p-4" lines={8} />;
  }
  const toRun = (run: string) => place.open("sync", { resource: picked.key, run });
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto">
      <div className="flex max-w-4xl flex-col gap-3 p-4">
        <div className="flex items-center gap-2">
          <h2 className="text-[15px] font-semibold">Sync</h2>
          <ResourcePicker resources={resources.data} value={picked.key} onChange={pick} />
        </div>
        <QuietNote account={view.data} />
        {live.slice(0, 4).map((progress) => (
          <LiveRun
            key={progress.run}
            progress={progress}
            label={resources.data.find((each) => each.key === progress.resource)?.label ?? progress.resource}
            onOpen={() => toRun(progress.run)}
            resuming={busy === progress.run}
            onResume={() => resume(progress.run)}
          />
        ))}
        <SyncForm key={picked.key} account={view.data} resource={picked} />
        <SchedulePanel key={`schedule ${picked.key}`} account={view.data} resource={picked} />
      </div>
      <h2 className="border-t border-line px-4 pt-3 pb-1 font-semibold">Runs of {picked.label.toLowerCase()}</h2>
      <div className="flex min-h-72 flex-1 flex-col">
        <RunHistory key={picked.key} account={account} resource={picked.key} onOpen={toRun} />
      </div>
      {dialog}
    </div>
  );
}
