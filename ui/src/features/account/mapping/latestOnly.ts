/**
 * Runs at most one call at a time and, of those asked for meanwhile, only the last: typing never queues up work, and the
 * answer to the last key comes as soon as the engine is free.
 */
export function latestOnly<A, R>(
  run: (input: A) => Promise<R>,
  settled: (outcome: { input: A } & ({ value: R } | { error: unknown })) => void,
): { ask: (input: A) => void; stop: () => void } {
  let running = false;
  let stopped = false;
  let waiting: { input: A } | null = null;

  async function go(input: A): Promise<void> {
    running = true;
    try {
      const value = await run(input);
      // An answer that is no longer asked for is still better than none, but never after the newer one.
      if (!stopped) {
        settled({ input, value });
      }
    } catch (error) {
      if (!stopped) {
        settled({ input, error });
      }
    }
    running = false;
    const next = waiting;
    waiting = null;
    if (next && !stopped) {
      void go(next.input);
    }
  }

  return {
    ask(input) {
      if (running) {
        waiting = { input };
      } else {
        void go(input);
      }
    },
    stop() {
      stopped = true;
      waiting = null;
    },
  };
}
