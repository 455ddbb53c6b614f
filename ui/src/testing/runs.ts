import type { OverviewRow, RunView } from "../backend";

const RESOURCES = ["invoices", "purchase_orders", "suppliers", "requisitions"];
const MODES = ["incremental", "full", "test"];

/** Made-up runs of the accounts that have synced, newest first. */
export function runsOf(rows: OverviewRow[], now: number): RunView[] {
  const synced = rows.filter((row) => row.last_run);
  return Array.from({ length: synced.length * 6 }, (_, index) => {
    const row = synced[index % synced.length];
    const failed = row?.status === "needs_reauth";
    const running = index === 1;
    const started = now - (index + 1) * 37 * 60_000;
    const stored = failed ? 0 : ((index * 811) % 5000) + 12;
    const took = failed ? 900 : ((index * 7919) % 240_000) + 4000;
    return {
      run: `run-${String(index)}`,
      account: row?.id ?? "",
      resource: RESOURCES[index % RESOURCES.length] ?? "",
      mode: MODES[index % MODES.length] ?? "",
      status: failed ? "failed" : running ? "running" : index % 11 === 7 ? "paused" : "completed",
      fetched: stored + 3,
      stored,
      duplicates: 3,
      errors: failed ? 0 : index % 5 === 0 ? 3 : 0,
      requests: Math.ceil(stored / 50) + 1,
      retries: index % 4,
      rate_limited: 0,
      duration_ms: took,
      requests_per_second: 4.2,
      started_at: new Date(started).toISOString(),
      ended_at: running ? null : new Date(started + took).toISOString(),
      checkpoint: null,
      error: null,
    } as RunView;
  });
}
