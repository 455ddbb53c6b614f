/** A revealed value leaves the clipboard after this long. */
export const REVEALED_MS = 30_000;

let held: { text: string; timer: ReturnType<typeof setTimeout> } | null = null;

/** How many texts were copied: one that comes while a value is being wiped is not wiped with it. */
let copies = 0;

/** Lets a revealed value be: another text takes its place. */
function release(): string | null {
  const text = held?.text ?? null;
  clearTimeout(held?.timer);
  held = null;
  return text;
}

function hold(text: string) {
  release();
  held = {
    text,
    timer: setTimeout(() => {
      void wipe(text);
    }, REVEALED_MS),
  };
}

async function wipe(text: string) {
  held = null;
  const before = copies;
  // What somebody copied since is theirs. Where the system does not let us look, the value goes in any case.
  const now = await navigator.clipboard.readText().catch(() => text);
  if (now === text && copies === before) {
    await navigator.clipboard.writeText("").catch(() => undefined);
  }
}

/** Copies a text that stays there. Whatever the window copies goes through here, or a revealed value's end would wipe it. */
export async function copyText(text: string): Promise<void> {
  // Before it is written: the time may be over while it is.
  const before = release();
  copies += 1;
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    if (before !== null) {
      hold(before);
    }
    throw error;
  }
}

/** Copies a revealed value; it leaves the clipboard by itself, unless something else was copied meanwhile. */
export async function copyRevealed(text: string): Promise<void> {
  await copyText(text);
  hold(text);
}
