import { type Walk, backend } from "../../../backend";

/** How far a way through all stored records is. */
export interface WalkProgress {
  done: number;
  total: number;
}

let walks = 0;

/** Goes through all stored records until it is done or `signal` ends it; the shell then stops at once. */
export function walkRecords<Found>(
  signal: AbortSignal,
  hear: (progress: WalkProgress) => void,
  ask: (walk: Walk) => Promise<Found>,
): Promise<Found> {
  walks += 1;
  const id = `walk-${String(walks)}`;
  signal.addEventListener(
    "abort",
    () => {
      void backend.cancelImpact(id).catch(() => undefined);
    },
    { once: true },
  );
  return ask({
    id,
    hear: (progress) => {
      if (!signal.aborted) {
        hear(progress);
      }
    },
  });
}
