import type { ReactNode } from "react";

import { Button } from "./Button";
import { count } from "./formats";

/** Says that a list is cut at its newest, and shows more of them; draws nothing where all are there. */
export function NewestShown({
  of,
  shown,
  cut,
  next,
  busy = false,
  onMore,
  elsewhere,
  className = "",
}: {
  /** What is listed, as the palette says it: `runs`. */
  of: string;
  shown: number;
  /** Whether there are, or may be, more than those. */
  cut: boolean;
  /** How many are shown next; null where more than these are found `elsewhere` only. */
  next: number | null;
  /** More of them are on their way. */
  busy?: boolean;
  onMore: (next: number) => void;
  elsewhere?: ReactNode;
  className?: string;
}) {
  if (!cut && !busy) {
    return null;
  }
  return (
    <div className={`flex shrink-0 items-center gap-2 ${className}`}>
      {next !== null && (
        <Button
          small
          command={`Show more ${of}`}
          busy={busy}
          onClick={() => {
            onMore(next);
          }}
        >
          Show more
        </Button>
      )}
      <span role="status" className="text-ink-3">
        The newest {count(shown)} are shown.
        {next === null && elsewhere && <> {elsewhere}</>}
      </span>
    </div>
  );
}
