import { Button } from "../../../components/Button";
import { count } from "../../../components/formats";
import type { WalkProgress } from "./recordWalk";

/** That all stored records are being gone through, how far that is, and a way to end it. */
export function WalkNote({ what, progress, onStop }: { what: string; progress: WalkProgress; onStop: () => void }) {
  return (
    <span className="flex min-w-0 items-center gap-2 text-ink-3">
      <progress
        aria-label={what}
        value={progress.done}
        max={Math.max(1, progress.total)}
        className="h-1 w-16 shrink-0 accent-accent"
      />
      <span className="truncate tabular-nums">
        {what}: {count(progress.done)} of {count(progress.total)}
      </span>
      <Button small tone="ghost" command={`Stop: ${what.toLowerCase()}`} onClick={onStop}>
        Stop
      </Button>
    </span>
  );
}
