/** A revealed value leaves the clipboard after this long. */
export const REVEALED_MS = 30_000;

let held: { text: string; timer: ReturnType<typeof setTimeout> } | null = null;

async function wipe(text: string) {
  held = null;
  // What somebody copied since is theirs. Where the system does not let us look, the value goes in any case.
  const now = await navigator.clipboard.readText().catch(() => text);
  if (now === text) {
    await navigator.clipboard.writeText("").catch(() => undefined);
  }
}

/** Copies a text that stays there. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  if (held) {
    clearTimeout(held.timer);
    held = null;
  }
}

/** Copies a revealed value; it leaves the clipboard by itself, unless something else was copied meanwhile. */
export async function copyRevealed(text: string): Promise<void> {
  await copyText(text);
  held = {
    text,
    timer: setTimeout(() => {
      void wipe(text);
    }, REVEALED_MS),
  };
}
