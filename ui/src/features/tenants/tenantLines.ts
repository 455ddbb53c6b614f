import type { OverviewRow, TenantSummary } from "../../backend";
import type { Tone } from "../../components/Badge";
import { accountStatus } from "../../components/accountStatus";
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

/** What no status says, by how urgent it is. */
const BESIDES: Record<number, [string, Tone]> = {
  3: ["token expired", "bad"],
  4: ["renewal due", "warn"],
  5: ["last run had errors", "warn"],
  7: ["all active", "ok"],
};

/** What a tenant's worst account shows; its status in the words it has everywhere. */
function stateOf(worst: OverviewRow, urgency: number): [string, Tone] {
  const { words, tone } = accountStatus(worst.status, worst.healthy);
  return BESIDES[urgency] ?? [words, tone];
}

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
      const worst = own.find((row) => attention(row, now) === urgency);
      const [state, tone] = worst ? stateOf(worst, urgency) : (["no accounts", "quiet"] as const);
      const production = own.filter((row) => row.kind === "production").length;
      return { ...tenant, production, sandbox: own.length - production, state, tone, urgency };
    })
    .toSorted((a, b) => compareValues(a.name, b.name));
}
