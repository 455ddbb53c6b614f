import { shownKeys } from "../keyboard/chords";

/** The keys of a shortcut as this system writes them; `keys` is a chord such as `Mod+K`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="rounded-[4px] border border-line bg-bg px-1.5 font-mono text-micro whitespace-nowrap text-ink-3">
      {shownKeys(keys)}
    </kbd>
  );
}
