import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { backend } from "../../backend";
import { CopyButton } from "../../components/CopyButton";
import { ErrorState, Skeleton } from "../../components/States";

/** What to ask the customer's administrator for, ready to be sent. */
export function AdminMessage({
  connector,
  grant,
  scopes,
  config,
  tenant,
  account,
}: {
  connector: string;
  grant: string;
  /** Null: the connector has none. Empty: it is not known yet which to ask for. */
  scopes: string[] | null;
  config: Record<string, string>;
  /** As far as they are chosen; empty before. */
  tenant: string;
  account: string;
}) {
  const waits = scopes?.length === 0;
  const draft = useQuery({
    queryKey: ["adminMessageDraft", connector, grant, scopes, config, tenant, account],
    queryFn: () =>
      backend.adminMessageDraft(connector, grant || null, scopes ?? [], config, tenant || null, account || null),
    placeholderData: keepPreviousData,
    enabled: !waits,
  });
  return (
    <section aria-labelledby="admin" className="rounded-lg border border-line bg-panel p-4">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h2 id="admin" className="font-semibold">
            Ask the customer&apos;s administrator
          </h2>
          <p className="text-[12px] text-ink-3">It changes with what you tick.</p>
        </div>
        {!waits && draft.data !== undefined && (
          <CopyButton text label="Copy message" command="Copy the message to the administrator" value={draft.data} />
        )}
      </div>
      {waits ? (
        <p className="mt-2 text-[12px] text-ink-2">
          It follows once it is known which scopes to ask for: tick what to sync.
        </p>
      ) : draft.error ? (
        <div className="mt-2">
          <ErrorState error={draft.error} compact onRetry={() => void draft.refetch()} />
        </div>
      ) : draft.data === undefined ? (
        <Skeleton lines={6} className="mt-3" />
      ) : (
        <pre
          // A long letter scrolls; it has to be reachable by keyboard for that.
          tabIndex={0}
          aria-label="Message to the administrator"
          className="mt-2 max-h-80 overflow-y-auto rounded-md bg-bg p-3 font-sans text-[12px]/[18px] whitespace-pre-wrap"
        >
          {draft.data}
        </pre>
      )}
    </section>
  );
}
