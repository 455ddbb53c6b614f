import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useRef, useState } from "react";

import { useAct } from "../../app/act";
import { type ExportedFile, backend } from "../../backend";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Region } from "../../components/Region";
import { ErrorState, Skeleton } from "../../components/States";
import { WrittenFile } from "../../components/WrittenFile";

/**
 * The tenant on paper: how far it is, or what its security questionnaire asks. The report comes escaped from the workspace
 * and is shown in a frame that runs no scripts.
 */
export function Report({
  tenant,
  kind,
  region,
  onClose,
}: {
  tenant: string;
  kind: "report" | "security";
  region: string | null;
  onClose: () => void;
}) {
  const frame = useRef<HTMLIFrameElement>(null);
  const security = kind === "security";
  const report = useQuery({
    queryKey: [security ? "securityReport" : "tenantReport", tenant],
    queryFn: () => (security ? backend.securityReport(tenant) : backend.tenantReport(tenant)),
    gcTime: 0,
    staleTime: Infinity,
  });
  const [file, setFile] = useState<ExportedFile | null>(null);
  const save = useAct(backend.exportSecurityReport, { done: setFile });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={security ? "Security report" : "Report"}
      footer={
        <>
          {region && (
            <span className="mr-auto self-center">
              <Region region={region} />
            </span>
          )}
          <Button onClick={onClose}>Close</Button>
          {security && (
            <Button
              busy={save.busy}
              onClick={() => {
                save.run(tenant);
              }}
            >
              Save as a file
            </Button>
          )}
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
      {save.error && <ErrorState error={save.error} compact />}
      {file && <WrittenFile file={file} />}
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
