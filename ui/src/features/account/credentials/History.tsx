import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Time } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { count } from "../../../components/formats";

const AT_ONCE = 30;

/** How many more each time one asks. */
const MORE = 150;

/** More lines than these make the page slow. */
const MOST = 1_200;

/** What happened to the account and its credentials, newest first. */
export function History({ account }: { account: string }) {
  const [limit, setLimit] = useState(AT_ONCE);
  const events = useQuery({
    queryKey: ["credentialHistory", account, limit],
    queryFn: () => backend.credentialHistory(account, limit),
    placeholderData: (old) => old,
  });
  return (
    <section aria-labelledby="history-heading" className="max-w-4xl">
      <h2 id="history-heading" className="mb-2 text-[15px] font-semibold">
        History
      </h2>
      {events.error ? (
        <ErrorState compact error={events.error} onRetry={() => void events.refetch()} />
      ) : !events.data ? (
        <Skeleton lines={4} />
      ) : events.data.length === 0 ? (
        <p className="text-ink-2">Nothing yet: connecting, renewing and rotating are noted here.</p>
      ) : (
        <table className="w-full border-collapse rounded-lg border border-line bg-panel text-left">
          <thead>
            <tr className="border-b border-line text-micro text-ink-3">
              {["When", "What", "By", "Detail"].map((heading) => (
                <th key={heading} scope="col" className="px-3 py-1.5 font-medium">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {events.data.map((event, index) => (
              <tr key={`${event.at} ${String(index)}`} className="border-b border-line-2">
                <td className="px-3 py-1">
                  <Time at={event.at} />
                </td>
                <td className="px-3 py-1 font-mono text-code">{event.kind}</td>
                <td className="px-3 py-1 text-ink-2">{event.actor}</td>
                <td className="max-w-96 truncate px-3 py-1 text-ink-2" title={event.message ?? undefined}>
                  {event.message}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {events.data && events.data.length === limit && (
        <div className="mt-2 flex items-center gap-2">
          {limit < MOST && (
            <Button
              small
              busy={events.isFetching}
              onClick={() => {
                setLimit(limit < MORE ? MORE : Math.min(MOST, limit + MORE));
              }}
            >
              Show older
            </Button>
          )}
          <span role="status" className="text-ink-3">
            The newest {count(limit)} are shown.
            {limit >= MOST && (
              <>
                {" "}
                <code className="font-mono text-code">xwalk account history {account} --limit N</code> lists more.
              </>
            )}
          </span>
        </div>
      )}
    </section>
  );
}
