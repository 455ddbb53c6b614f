import type { AccountSummary, TenantSummary } from "../../backend";

export interface TenantGroup {
  tenant: TenantSummary;
  accounts: AccountSummary[];
}

/** Tenants by name, each with its accounts by id; tenants without accounts stay, so that they can be continued. */
export function groupByTenant(
  tenants: TenantSummary[],
  accounts: AccountSummary[],
): TenantGroup[] {
  const byTenant = new Map<string, AccountSummary[]>();
  for (const account of accounts) {
    const group = byTenant.get(account.tenant);
    if (group) {
      group.push(account);
    } else {
      byTenant.set(account.tenant, [account]);
    }
  }
  return tenants
    .map((tenant) => ({
      tenant,
      accounts: (byTenant.get(tenant.id) ?? []).toSorted((a, b) => a.id.localeCompare(b.id)),
    }))
    .toSorted((a, b) => a.tenant.name.localeCompare(b.tenant.name));
}
