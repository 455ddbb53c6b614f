import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../app/act";
import { useWorkspace } from "../../app/queries";
import { backend } from "../../backend";
import { Badge, type Tone } from "../../components/Badge";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { ErrorState, Skeleton } from "../../components/States";
import { Section } from "./Section";

const TONES: Record<string, Tone> = { ok: "ok", warning: "warn", failed: "bad" };

function Diagnostics() {
  const [path, setPath] = useState<string | null>(null);
  const bundle = useAct(backend.diagnosticsBundle, {
    done: (made) => {
      setPath(made.path);
    },
  });
  return (
    <div className="flex flex-col gap-2 border-t border-line-2 pt-4">
      <div className="flex items-start justify-between gap-6">
        <div>
          <p className="font-medium">Diagnostics bundle</p>
          <p className="text-[12px]/[17px] text-ink-3">
            Logs, these checks and versions in one file. No secrets, no records, and
            stand-ins for customers&rsquo; names.
          </p>
        </div>
        <Button
          command="Write a diagnostics bundle"
          busy={bundle.busy}
          onClick={() => {
            bundle.run();
          }}
        >
          Write bundle
        </Button>
      </div>
      {bundle.error && <ErrorState error={bundle.error} compact />}
      {path && (
        <p role="status" className="flex items-center gap-1">
          Written to <code className="font-mono text-code break-all">{path}</code>
          <CopyButton label="Copy the path" command="Copy the path of the diagnostics bundle" value={path} />
        </p>
      )}
    </div>
  );
}

/** What works on this machine, where the workspace is, and what to send when something does not work. */
export function Health() {
  const workspace = useWorkspace();
  const doctor = useQuery({ queryKey: ["doctor"], queryFn: () => backend.doctor() });
  return (
    <Section
      title="Health"
      action={
        <Button small command="Check the health again (doctor)" busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
          Check again
        </Button>
      }
    >
      {workspace.data && (
        <dl className="grid grid-cols-[110px_1fr] gap-y-1">
          <dt className="text-ink-3">Workspace</dt>
          <dd className="flex items-center gap-1 font-mono text-code break-all">
            {workspace.data.folder}
            <CopyButton label="Copy the folder" command="Copy the folder of the workspace" value={workspace.data.folder} />
          </dd>
          <dt className="text-ink-3">Version</dt>
          <dd>{workspace.data.version}</dd>
          <dt className="text-ink-3">Vault opens by</dt>
          <dd>
            {workspace.data.vault === "keyring"
              ? "the key ring of this system"
              : workspace.data.vault === "passphrase"
                ? "a passphrase"
                : "not made yet: the first secret makes it"}
          </dd>
        </dl>
      )}
      {doctor.error ? (
        <ErrorState error={doctor.error} compact onRetry={() => void doctor.refetch()} />
      ) : doctor.data ? (
        <ul className="flex flex-col gap-2">
          {doctor.data.map((check) => (
            <li key={check.name} className="grid grid-cols-[80px_1fr] items-start gap-2">
              <span>
                <Badge tone={TONES[check.state] ?? "quiet"}>{check.state}</Badge>
              </span>
              <span>
                <span className="font-medium">{check.name}</span>{" "}
                <span className="text-ink-2">{check.message}</span>
                {check.hint && <span className="block text-ink-2">{check.hint}</span>}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton lines={5} />
      )}
      <Diagnostics />
    </Section>
  );
}
