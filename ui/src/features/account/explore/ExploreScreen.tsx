import { Database } from "lucide-react";

import type { ResourceRow } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Time } from "../../../components/Figures";
import { Split } from "../../../components/Split";
import { RunBadge } from "../../../components/StatusBadge";
import { EmptyState, ErrorState, Skeleton } from "../../../components/States";
import { count } from "../../../components/formats";
import { FieldList } from "../compare/FieldList";
import { usePickedResource } from "../usePicked";
import { RecordTable } from "./RecordTable";

function ResourceLine({ resource }: { resource: ResourceRow }) {
  return (
    <div className="py-1.5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{resource.label}</span>
        <span className="text-ink-2 tabular-nums">{count(resource.stored)}</span>
      </div>
      <div className="flex h-5 items-center gap-2 text-ink-3">
        {resource.granted === false ? (
          <Badge tone="warn">scope not granted</Badge>
        ) : resource.last_run ? (
          <>
            <RunBadge status={resource.last_run.status} />
            <Time at={resource.last_run.ended_at ?? resource.last_run.started_at} />
          </>
        ) : (
          "never synced"
        )}
      </div>
    </div>
  );
}

/** The explore tab: what is stored of each resource, and its records as a table. */
export function ExploreScreen({ account }: { account: string }) {
  const { resources, picked, pick, place } = usePickedResource(account, "explore");
  if (resources.error) {
    return <ErrorState error={resources.error} onRetry={() => void resources.refetch()} />;
  }
  if (!resources.data) {
    return <Skeleton className="p-4" lines={8} />;
  }
  const toSync = (resource: string | null) => place.open("sync", { resource });
  return (
    <Split
      name="explore"
      className="flex-1"
      panes={[
        {
          id: "resources",
          size: 20,
          min: 180,
          label: "resources",
          content: (
            <FieldList
              label="Resources"
              fields={resources.data}
              nameOf={(each) => each.key}
              lightOf={() => "none"}
              active={picked?.key ?? null}
              estimate={52}
              onActive={pick}
              onPoint={() => undefined}
              onChoose={(each) => pick(each.key)}
              chosen={picked?.key ?? null}
              render={(each) => <ResourceLine resource={each} />}
            />
          ),
        },
        {
          id: "records",
          size: 80,
          min: 360,
          label: "records",
          content:
            picked && picked.stored > 0 ? (
              <RecordTable
                key={picked.key}
                account={account}
                resource={picked}
                onOpen={(record) => place.open("compare", { resource: picked.key, record })}
              />
            ) : (
              <EmptyState
                icon={<Database size={28} strokeWidth={1.6} aria-hidden />}
                title={picked ? `No ${picked.label.toLowerCase()} stored yet` : "This connector has no resources"}
                action={
                  <Button tone="primary" command="Run a test sync" onClick={() => toSync(picked?.key ?? null)}>
                    Run a test sync
                  </Button>
                }
              >
                {picked?.granted === false
                  ? `The token does not carry ${picked.scope ?? "the scope"}; ask the customer's administrator for it on the Credentials tab.`
                  : "A test sync reads at most four pages and writes nothing at the provider."}
              </EmptyState>
            ),
        },
      ]}
    />
  );
}
