import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { type CredentialEvent, backend } from "../../../backend";
import { Time } from "../../../components/Figures";
import { TableFrame } from "../../../components/ListFrame";
import { NewestShown } from "../../../components/NewestShown";
import { ErrorState, Skeleton } from "../../../components/States";
import { type Column, Table } from "../../../components/Table";

const AT_ONCE = 30;

/** What the first asking for more comes to; each later one doubles it. */
const MORE = 150;

/** More lines than these take long to come. */
const MOST = 12_000;

const ROW = 30;

/** An event and its place, since two may be alike. */
type Line = CredentialEvent & { place: number };

const COLUMNS: Column<Line>[] = [
  { key: "when", label: "When", width: "92px", cell: (event) => <Time at={event.at} /> },
  {
    key: "what",
    label: "What",
    width: "minmax(228px,1fr)",
    cell: (event) => (
      <span className="font-mono text-code" title={event.kind}>
        {event.kind}
      </span>
    ),
  },
  {
    key: "by",
    label: "By",
    width: "minmax(120px,1fr)",
    cell: (event) => (
      <span className="text-ink-2" title={event.actor}>
        {event.actor}
      </span>
    ),
  },
  {
    key: "detail",
    label: "Detail",
    width: "minmax(200px,2fr)",
    cell: (event) => (
      <span className="text-ink-2" title={event.message ?? undefined}>
        {event.message}
      </span>
    ),
  },
];

/** What happened to the account and its credentials, newest first. */
export function History({ account }: { account: string }) {
  const [limit, setLimit] = useState(AT_ONCE);
  const events = useQuery({
    queryKey: ["credentialHistory", account, limit],
    queryFn: () => backend.credentialHistory(account, limit),
    placeholderData: (old) => old,
  });
  const lines = useMemo(() => events.data?.map((event, place): Line => ({ ...event, place })), [events.data]);
  return (
    <section aria-labelledby="history-heading" className="max-w-4xl">
      <h2 id="history-heading" className="mb-2 text-[15px] font-semibold">
        History
      </h2>
      {events.error ? (
        <ErrorState compact error={events.error} onRetry={() => void events.refetch()} />
      ) : !lines ? (
        <Skeleton lines={4} />
      ) : lines.length === 0 ? (
        <p className="text-ink-2">Nothing yet: connecting, renewing and rotating are noted here.</p>
      ) : (
        <div className="flex max-h-96 flex-col">
          <TableFrame height={lines.length * ROW}>
            <Table
              label="History"
              columns={COLUMNS}
              rows={lines}
              rowKey={(line) => String(line.place)}
              rowHeight={ROW}
            />
          </TableFrame>
        </div>
      )}
      {lines && (
        <NewestShown
          of={`of the history of ${account}`}
          className="mt-2"
          shown={lines.length}
          cut={lines.length >= limit}
          next={limit < MOST ? Math.min(MOST, Math.max(MORE, limit * 2)) : null}
          busy={events.isPlaceholderData}
          onMore={setLimit}
          elsewhere={
            <>
              <code className="font-mono text-code">xwalk account history {account} --limit N</code> lists more.
            </>
          }
        />
      )}
    </section>
  );
}
