import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCw, X } from "lucide-react";

import { HrefLink, accountHref } from "../../../app/go";
import { type CallDetail, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button, IconButton } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Bytes, Duration, Time } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { callTone } from "./callTone";

function Headers({ label, headers }: { label: string; headers: Record<string, string> }) {
  return (
    <dl aria-label={label} className="grid grid-cols-[max-content_1fr] gap-x-3 font-mono text-code">
      {Object.entries(headers).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What came back; where it is not kept, why, and the way to what is. */
function Body({ detail }: { detail: CallDetail }) {
  const { response, response_note: note, row } = detail;
  return (
    <>
      {(note !== null || response === null) && (
        <p className="text-ink-3">
          {note ?? "This answer was not kept."}
          {response === null && row.run !== null && row.account !== null && (
            <>
              {" "}
              <HrefLink
                href={accountHref(row.account, "sync", { resource: row.resource, run: row.run })}
                className="text-accent hover:underline"
              >
                Open the run
              </HrefLink>
              {row.resource !== null && (
                <>
                  {" or "}
                  <HrefLink
                    href={accountHref(row.account, "explore", { resource: row.resource })}
                    className="text-accent hover:underline"
                  >
                    its records
                  </HrefLink>
                </>
              )}
              .
            </>
          )}
        </p>
      )}
      {response !== null && <pre className="font-mono text-code break-all whitespace-pre-wrap">{response}</pre>}
    </>
  );
}

/** One audited request: what was sent and what came back, secrets masked. */
export function CallPanel({ seq, onClose, onOpen }: { seq: number; onClose: () => void; onOpen: (seq: number) => void }) {
  const client = useQueryClient();
  const call = useQuery({ queryKey: ["call", seq], queryFn: () => backend.call(seq) });
  const replay = useMutation({
    mutationFn: () => backend.replayCall(seq),
    onSuccess: async (detail) => {
      client.setQueryData(["call", detail.row.seq], detail);
      await client.invalidateQueries({ queryKey: ["calls"] });
      toast(`Answered ${detail.row.status ?? "nothing"}`);
      onOpen(detail.row.seq);
    },
  });
  if (call.error) {
    return <ErrorState error={call.error} onRetry={() => void call.refetch()} />;
  }
  const detail = call.data;
  if (!detail) {
    return <Skeleton className="p-3" lines={6} />;
  }
  const { row } = detail;
  return (
    <section aria-label={`Call ${row.seq}`} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-3">
        <Badge tone={callTone(row.status)}>{row.status ?? "no answer"}</Badge>
        <span className="text-ink-2">
          <Time at={row.at} />
          {row.duration_ms !== null && (
            <>
              {" · "}
              <Duration ms={row.duration_ms} />
            </>
          )}
          {" · "}
          <Bytes value={detail.response_bytes} />
        </span>
        <span className="ml-auto flex items-center gap-1">
          <CopyButton text label="Copy as curl" command={`Copy call ${row.seq} as curl`} value={detail.curl} />
          {detail.replayable && (
            <Button
              command={`Send call ${row.seq} again`}
              icon={<RotateCw size={13} aria-hidden />}
              busy={replay.isPending}
              onClick={() => replay.mutate()}
            >
              Send again
            </Button>
          )}
          <IconButton label="Close the call" command={`Close call ${row.seq}`} keys="Escape" icon={<X size={15} aria-hidden />} onClick={onClose} />
        </span>
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-3" tabIndex={0} role="group" aria-label="Request and response">
        {replay.error && <ErrorState compact error={replay.error} onRetry={() => replay.mutate()} />}
        {row.error !== null && <p className="text-bad">{row.error}</p>}
        <h2 className="font-semibold">Request</h2>
        <p className="font-mono text-code break-all">
          {row.method} {row.endpoint}
        </p>
        <Headers label="Request headers" headers={detail.request_headers} />
        {detail.request_body !== null && (
          <pre className="font-mono text-code break-all whitespace-pre-wrap">{detail.request_body}</pre>
        )}
        <h2 className="font-semibold">Response</h2>
        <Headers label="Response headers" headers={detail.response_headers} />
        <Body detail={detail} />
      </div>
    </section>
  );
}
