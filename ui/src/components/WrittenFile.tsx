import type { ExportedFile } from "../backend";
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
      {file.head && (
        <p className="flex items-center gap-1 text-[12px] text-ink-3">
          Audit head: row {file.head.seq} <code className="truncate font-mono">{file.head.hash}</code>
          <CopyButton label="Copy the head" value={`${String(file.head.seq)} ${file.head.hash}`} />
        </p>
      )}
    </div>
  );
}
