import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../app/act";
import { backend } from "../../backend";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Bytes, Time } from "../../components/Figures";
import { NewestShown } from "../../components/NewestShown";
import { ErrorState, Skeleton } from "../../components/States";
import { toast } from "../../components/Toasts";
import { count } from "../../components/formats";
import { Section } from "./Section";

/** How many are shown before somebody asks for more, and how many more each time. */
const SHOWN = 10;

/** More lines than these make the screen slow. */
const MOST = 50;

/** Copies of the workspace, newest first. */
export function Backups() {
  const [limit, setLimit] = useState(SHOWN);
  const backups = useQuery({ queryKey: ["backups"], queryFn: () => backend.backups() });
  const create = useAct(backend.createBackup, {
    stale: ["backups"],
    done: (backup) => {
      toast(`Backup ${backup.name} is taken and verified`);
    },
  });
  return (
    <Section
      title="Backups"
      action={
        <Button
          small
          command="Back up now"
          busy={create.busy}
          onClick={() => {
            create.run();
          }}
        >
          Back up now
        </Button>
      }
    >
      {create.error && <ErrorState error={create.error} compact />}
      {backups.error ? (
        <ErrorState error={backups.error} compact onRetry={() => void backups.refetch()} />
      ) : !backups.data ? (
        <Skeleton />
      ) : backups.data.length === 0 ? (
        <p className="text-ink-2">
          There is none yet. A backup holds records, mappings and runs; secrets stay sealed in it.
        </p>
      ) : (
        <table className="w-full border-collapse">
          <thead className="text-left text-micro text-ink-3">
            <tr>
              <th scope="col" className="py-1 font-medium">
                Name
              </th>
              <th scope="col" className="font-medium">
                Taken
              </th>
              <th scope="col" className="font-medium">
                Why
              </th>
              <th scope="col" className="text-right font-medium">
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {backups.data.slice(0, limit).map((backup) => (
              <tr key={backup.name} className="border-t border-line-2">
                <td className="py-1.5 font-mono text-code">{backup.name}</td>
                <td>
                  <Time at={backup.created_at} />
                </td>
                <td>{backup.reason}</td>
                <td className="text-right">
                  <Bytes value={backup.bytes} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {backups.data && (
        <NewestShown
          of="backups"
          shown={limit}
          cut={backups.data.length > limit}
          next={limit < MOST ? limit + SHOWN : null}
          onMore={setLimit}
          elsewhere={
            <>
              <code className="font-mono">xwalk backup list</code> names all {count(backups.data.length)}.
            </>
          }
        />
      )}
      <p className="flex items-center gap-1 text-[12px] text-ink-3">
        Bring one back from a terminal, with the window closed:
        <code className="font-mono">xwalk backup restore NAME</code>
        <CopyButton label="Copy the command" command="Copy the command that brings a backup back" value="xwalk backup restore " />
      </p>
    </Section>
  );
}
