const TONES: Record<string, string> = {
  active: "bg-ok-soft text-ok",
  connecting: "bg-quiet-soft text-ink-2",
  awaiting_credentials: "bg-quiet-soft text-ink-2",
  needs_reauth: "bg-bad-soft text-bad",
  validation_error: "bg-bad-soft text-bad",
  post_install_error: "bg-warn-soft text-warn",
};

/** An account's status in words and colour; an unknown one is shown quietly rather than hidden. */
export function StatusBadge({ status }: { status: string }) {
  return (
    <span
      className={`inline-flex h-[18px] items-center rounded-[5px] px-1.5 text-[11px] font-medium whitespace-nowrap ${TONES[status] ?? "bg-quiet-soft text-ink-2"}`}
    >
      {status.replaceAll("_", " ")}
    </span>
  );
}
