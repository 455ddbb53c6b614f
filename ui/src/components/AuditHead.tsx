import type { AuditHead as Head } from "../backend";
import { CopyButton } from "./CopyButton";

/** Up to where the audit's chain went when something was handed out; copied as `xwalk audit verify --against` reads it. */
export function AuditHead({ head }: { head: Head }) {
  return (
    <p className="flex items-center gap-1 text-[12px] text-ink-3">
      Audit head: row {head.seq} <code className="truncate font-mono">{head.hash}</code>
      <CopyButton label="Copy the head" value={`Audit head: row ${String(head.seq)} ${head.hash}`} />
    </p>
  );
}
