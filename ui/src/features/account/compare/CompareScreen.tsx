import { useQuery, useQueryClient } from "@tanstack/react-query";
import { GitCompareArrows } from "lucide-react";

import { backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { EmptyState, ErrorState, Skeleton } from "../../../components/States";
import { usePickedResource } from "../usePicked";
import { Comparison } from "./Comparison";

/** The compare tab: a record as received beside what the mapping makes of it. */
export function CompareScreen({ account }: { account: string }) {
  const { resources, picked, pick, place } = usePickedResource(account, "compare");
  const client = useQueryClient();
  const asked = place.get("record");
  const first = useQuery({
    queryKey: ["recordIds", account, picked?.key, null, null],
    queryFn: () => backend.recordIds(account, picked?.key ?? "", { after: null, before: null }),
    enabled: picked !== null && asked === null,
  });
  const error = resources.error ?? first.error;
  if (error) {
    return <ErrorState error={error} onRetry={() => void client.invalidateQueries()} />;
  }
  if (!resources.data || (picked && asked === null && !first.data)) {
    return <Skeleton className="p-4" lines={8} />;
  }
  const record = asked ?? first.data?.next ?? null;
  if (!picked || record === null) {
    return (
      <EmptyState
        icon={<GitCompareArrows size={28} strokeWidth={1.6} aria-hidden />}
        title={picked ? `No ${picked.label.toLowerCase()} stored yet` : "This connector has no resources"}
        action={
          <Button tone="primary" command="Run a test sync" onClick={() => place.open("sync", { resource: picked?.key ?? null })}>
            Run a test sync
          </Button>
        }
      >
        A test sync reads a few whole records, so that raw and unified can be seen side by side.
      </EmptyState>
    );
  }
  return (
    <Comparison
      key={picked.key}
      account={account}
      resources={resources.data}
      resource={picked}
      record={record}
      field={place.get("field")}
      onResource={pick}
      onRecord={(next, of = picked.key) => place.change("compare", { resource: of, record: next })}
    />
  );
}
