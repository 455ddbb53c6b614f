import type { AccountView } from "../../../backend";
import { ErrorState } from "../../../components/States";
import { useNow } from "../../../components/now";
import { quietWords } from "./quiet";
import { useQuietNow } from "./useQuietNow";

/** Says that the customer wants quiet now: what is planned waits, what somebody starts goes on. */
export function QuietNote({ account }: { account: AccountView }) {
  const quiet = useQuietNow(account.id);
  const now = useNow();
  if (quiet.error) {
    return <ErrorState compact error={quiet.error} onRetry={() => void quiet.refetch()} />;
  }
  if (!quiet.data) {
    return null;
  }
  return (
    <p role="status" className="rounded-lg border border-warn bg-warn-soft px-3 py-2">
      <span className="font-medium">
        {account.tenant} wants {quietWords(quiet.data, now)}
      </span>{" "}
      ({quiet.data.windows}). Planned syncs wait; one that you start goes on, and its log says so.
    </p>
  );
}
