import { useSyncExternalStore } from "react";

// Ages are shown to the minute at most where it matters; ten seconds keep the idle window at no measurable CPU.
const TICK_MS = 10_000;
const listeners = new Set<() => void>();
let value = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  if (document.visibilityState === "hidden") {
    return;
  }
  value = Date.now();
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (listeners.size === 1) {
    value = Date.now();
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    }
  };
}

function current() {
  // Stable between the reads of one render, fresh when the window asks again later.
  if (listeners.size === 0 && Math.abs(Date.now() - value) > 1000) {
    value = Date.now();
  }
  return value;
}

/** The present in milliseconds since 1970, the same for the whole window, renewed every ten seconds while it is seen. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current);
}
