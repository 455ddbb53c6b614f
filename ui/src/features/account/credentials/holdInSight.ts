/** What the sections read comes in after them within this time, or is too late to move the page for. */
export const SETTLE_MS = 1500;

const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

/** Brings a heading into sight and keeps it there while what stands above it still grows, until one moves oneself. */
export function holdInSight(heading: HTMLElement): () => void {
  const show = () => {
    heading.scrollIntoView({ block: "start" });
  };
  show();
  const growth = new MutationObserver(show);
  growth.observe(heading.closest("section")?.parentElement ?? document.body, { childList: true, subtree: true });
  const stop = () => {
    growth.disconnect();
    clearTimeout(timer);
    for (const way of BY_HAND) {
      window.removeEventListener(way, stop, true);
    }
  };
  const timer = setTimeout(stop, SETTLE_MS);
  for (const way of BY_HAND) {
    window.addEventListener(way, stop, true);
  }
  return stop;
}
