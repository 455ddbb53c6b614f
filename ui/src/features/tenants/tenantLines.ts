import type { OverviewRow, TenantSummary } from "../../backend";
import type { Tone } from "../../components/Badge";
import { compareValues } from "../../components/order";
import { attention } from "../overview/attention";

/** A tenant with the worst its accounts show. */
export interface TenantLine extends TenantSummary {
  production: number;
  sandbox: number;
  state: string;
  tone: Tone;
  urgency: number;
}

const STATES: [string, Tone][] = [
  ["needs reauth", "bad"],
  ["unhealthy", "bad"],
  ["connection fails", "warn"],
  ["token expired", "bad"],
  ["renewal due", "warn"],
  ["last run had errors", "warn"],
  ["connecting", "quiet"],
  ["all active", "ok"],
];

/** Tenants by name; `now` decides which clocks are due. */
export function tenantLines(
  tenants: TenantSummary[],
  rows: OverviewRow[],
  now: number,
): TenantLine[] {
  const byTenant = new Map<string, OverviewRow[]>();
  for (const row of rows) {
    byTenant.set(row.tenant, [...(byTenant.get(row.tenant) ?? []), row]);
  }
  return tenants
    .map((tenant) => {
      const own = byTenant.get(tenant.id) ?? [];
      const urgency = Math.min(8, ...own.map((row) => attention(row, now)));
      const [state, tone] = STATES[urgency] ?? (["no accounts", "quiet"] as const);
      const production = own.filter((row) => row.kind === "production").length;
      return { ...tenant, production, sandbox: own.length - production, state, tone, urgency };
    })
    .toSorted((a, b) => compareValues(a.name, b.name));
}
