import type { OverviewRow } from "../../backend";
import { readClock } from "../../components/clocks";
import { compareValues } from "../../components/order";

/** How urgently an account needs someone: the smaller, the sooner. Ties keep the order they came in. */
export function attention(row: OverviewRow, now: number): number {
  if (row.status === "needs_reauth") {
    return 0;
  }
  if (row.status === "active" && !row.healthy) {
    return 1;
  }
  if (row.status === "validation_error" || row.status === "post_install_error") {
    return 2;
  }
  const tones = [row.token, row.refresh_token].map((clock) =>
    clock ? readClock(clock, now).tone : "ok",
  );
  if (tones.includes("bad")) {
    return 3;
  }
  if (row.due_alerts > 0 || tones.includes("warn")) {
    return 4;
  }
  if ((row.last_run?.errors ?? 0) > 0 || row.last_run?.status === "failed") {
    return 5;
  }
  return row.status === "active" ? 7 : 6;
}

/** Rows in the order of attention; within it by tenant and account. */
export function byAttention(rows: OverviewRow[], now: number): OverviewRow[] {
  return rows.toSorted(
    (a, b) => attention(a, now) - attention(b, now) || byTenant(a, b),
  );
}

/** Order by tenant's name, then account. */
export function byTenant(a: OverviewRow, b: OverviewRow): number {
  return (
    compareValues(a.tenant_name, b.tenant_name) ||
    compareValues(a.tenant, b.tenant) ||
    compareValues(a.id, b.id)
  );
}

/** Rows so that those of a tenant stand together, tenants in the order of their first row. */
export function gathered(rows: OverviewRow[]): OverviewRow[] {
  const groups = new Map<string, OverviewRow[]>();
  for (const row of rows) {
    const group = groups.get(row.tenant);
    if (group) {
      group.push(row);
    } else {
      groups.set(row.tenant, [row]);
    }
  }
  return [...groups.values()].flat();
}
