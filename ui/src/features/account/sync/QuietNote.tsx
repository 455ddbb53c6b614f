import { useQuery } from "@tanstack/react-query";

import { type AccountView, backend } from "../../../backend";
import { ErrorState } from "../../../components/States";

/** How long what was read holds: windows begin and end on the minute. */
const LOOK_EVERY_MS = 60_000;

/** Says that the customer wants quiet now: what is planned waits, what somebody starts goes on. */
export function QuietNote({ account }: { account: AccountView }) {
  const quiet = useQuery({
    queryKey: ["quietNow", account.id],
    queryFn: () => backend.quietNow(account.id),
    refetchInterval: LOOK_EVERY_MS,
  });
  if (quiet.error) {
    return <ErrorState compact error={quiet.error} onRetry={() => void quiet.refetch()} />;
  }
  if (!quiet.data) {
    return null;
  }
  return (
    <p role="status" className="rounded-lg border border-warn bg-warn-soft px-3 py-2">
      <span className="font-medium">{account.tenant} wants quiet now</span> ({quiet.data}). Planned syncs wait; one that you start goes on, and its log says so.
    </p>
  );
}
