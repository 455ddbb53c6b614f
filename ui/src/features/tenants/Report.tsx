import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useRef } from "react";

import { backend } from "../../backend";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorState, Skeleton } from "../../components/States";

/** The tenant on paper. The report comes escaped from the workspace and is shown in a frame that runs no scripts. */
export function Report({ tenant, onClose }: { tenant: string; onClose: () => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const report = useQuery({
    queryKey: ["tenantReport", tenant],
    queryFn: () => backend.tenantReport(tenant),
    gcTime: 0,
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Report"
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            tone="primary"
            icon={<Printer size={14} aria-hidden />}
            disabled={!report.data}
            onClick={() => frame.current?.contentWindow?.print()}
          >
            Print
          </Button>
        </>
      }
    >
      {report.error ? (
        <ErrorState error={report.error} compact onRetry={() => void report.refetch()} />
      ) : report.data === undefined ? (
        <Skeleton lines={8} className="py-3" />
      ) : (
        <iframe
          ref={frame}
          title="Report of the tenant"
          sandbox="allow-same-origin allow-modals"
          srcDoc={report.data}
          className="mt-2 h-[54vh] w-full rounded-lg border border-line bg-white"
        />
      )}
    </Dialog>
  );
}
