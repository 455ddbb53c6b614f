import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../app/act";
import { type ExportedFile, backend } from "../../backend";
import { Button } from "../../components/Button";
import { Time } from "../../components/Figures";
import { ErrorState } from "../../components/States";
import { WrittenFile } from "../../components/WrittenFile";
import { Section } from "./Section";

/** The list of whose credentials this machine holds, for the day it is gone. */
export function Custody() {
  const written = useQuery({ queryKey: ["custodyWrittenAt"], queryFn: () => backend.custodyWrittenAt() });
  const [file, setFile] = useState<ExportedFile | null>(null);
  const out = useAct(backend.exportCustody, { stale: ["custodyWrittenAt", "alerts", "incidents"], done: setFile });
  return (
    <Section
      title="Custody list"
      action={
        <Button
          small
          command="Write the custody list"
          busy={out.busy}
          onClick={() => {
            out.run();
          }}
        >
          Write it
        </Button>
      }
    >
      <p className="text-ink-2">
        Every tenant, instance, client id, scope and contact, without secrets: whom to call and what to have deactivated when this machine is
        lost. Keep it elsewhere; an alert asks for a new one after 90 days.
      </p>
      <p>{written.data ? <>Last written <Time at={written.data} />.</> : written.data === null && "Never written yet."}</p>
      {written.error && <ErrorState compact error={written.error} onRetry={() => void written.refetch()} />}
      {out.error && <ErrorState compact error={out.error} />}
      {file && <WrittenFile file={file} />}
    </Section>
  );
}
