import type { ExportedFile } from "../backend";
import { AuditHead } from "./AuditHead";
import { CopyButton } from "./CopyButton";
import { Bytes } from "./Figures";
import { Region } from "./Region";

/** A file that was written: where it is, the audit's head in it, and where its data must stay. */
export function WrittenFile({ file }: { file: ExportedFile }) {
  return (
    <div role="status" className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-1.5">
        Written to <code className="font-mono text-code break-all">{file.path}</code>
        <CopyButton label="Copy the path" value={file.path} />
        <Bytes value={file.bytes} />
        {file.region && <Region region={file.region} />}
      </p>
      {file.head && <AuditHead head={file.head} />}
    </div>
  );
}
