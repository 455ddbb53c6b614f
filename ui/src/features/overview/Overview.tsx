import { useQuery } from "@tanstack/react-query";
import { Building2 } from "lucide-react";

import { BackendError, backend } from "../../backend";
import { StatusBadge } from "../../components/StatusBadge";
import { type TenantGroup, groupByTenant } from "./groups";

function Failure({ error }: { error: Error }) {
  const hint = error instanceof BackendError ? error.hint : null;
  return (
    <div role="alert" className="m-6 max-w-xl rounded-lg border border-line bg-bad-soft p-4">
      <p className="font-medium text-bad">{error.message}</p>
      {hint && <p className="mt-1 text-ink-2">{hint}</p>}
    </div>
  );
}

function Empty({ folder }: { folder: string }) {
  return (
    <div className="m-auto max-w-md p-6 text-center">
      <Building2 aria-hidden className="mx-auto mb-3 text-ink-3" size={28} strokeWidth={1.6} />
      <h2 className="text-[15px] font-semibold">No tenants in this workspace yet</h2>
      <p className="mt-2 text-ink-2">
        Add the first customer from a terminal, or run the demo to see a workspace with data in it:
      </p>
      <pre className="mt-3 rounded-md border border-line bg-panel p-3 text-left font-mono text-[12px] whitespace-pre-wrap">
        {`xwalk tenant add acme --name "Acme"\nxwalk demo --keep ./demo`}
      </pre>
      <p className="mt-3 text-ink-3">
        Workspace: <span className="font-mono text-[12px] break-all">{folder}</span>
      </p>
    </div>
  );
}

function Tenant({ group }: { group: TenantGroup }) {
  const { tenant, accounts } = group;
  return (
    <tbody aria-label={tenant.name}>
      <tr className="border-t border-line bg-rail">
        <th scope="rowgroup" colSpan={5} className="px-4 py-1.5 text-left font-semibold">
          {tenant.name}
          <span className="ml-2 font-normal text-ink-3">
            {tenant.region ? `${tenant.id} · ${tenant.region}` : tenant.id}
          </span>
        </th>
      </tr>
      {accounts.length === 0 && (
        <tr className="border-t border-line">
          <td colSpan={5} className="px-4 py-2 text-ink-3">
            No accounts yet. Connect one with <code className="font-mono">xwalk account add</code>.
          </td>
        </tr>
      )}
      {accounts.map((account) => (
        <tr key={account.id} className="border-t border-line bg-panel">
          <td className="px-4 py-2 font-mono text-[12px]">{account.id}</td>
          <td className="px-4 py-2">{account.connector}</td>
          <td
            className={`px-4 py-2 font-medium ${account.kind === "production" ? "text-production" : "text-sandbox"}`}
          >
            {account.kind}
          </td>
          <td className="px-4 py-2 text-ink-2">{account.environment ?? "none"}</td>
          <td className="px-4 py-2">
            <StatusBadge status={account.status} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

/** Every tenant of the workspace with its accounts. */
export function Overview() {
  const workspace = useQuery({ queryKey: ["workspaceInfo"], queryFn: backend.workspace });
  const tenants = useQuery({ queryKey: ["listTenants"], queryFn: backend.tenants });
  const accounts = useQuery({ queryKey: ["listAccounts"], queryFn: backend.accounts });
  const error = workspace.error ?? tenants.error ?? accounts.error;
  const groups = tenants.data && accounts.data ? groupByTenant(tenants.data, accounts.data) : null;

  return (
    <div className="flex h-full flex-col">
      <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-panel px-4">
        <h1 className="font-semibold">Overview</h1>
        {groups && (
          <span className="text-ink-3">
            {groups.length} {groups.length === 1 ? "tenant" : "tenants"},{" "}
            {accounts.data?.length ?? 0} {accounts.data?.length === 1 ? "account" : "accounts"}
          </span>
        )}
      </header>
      <main className="flex min-h-0 flex-1 flex-col overflow-auto">
        {error && <Failure error={error} />}
        {!error && groups?.length === 0 && <Empty folder={workspace.data?.folder ?? ""} />}
        {!error && groups && groups.length > 0 && (
          <table className="w-full border-collapse">
            <thead className="sticky top-0 bg-bg text-left text-[11px] text-ink-3">
              <tr>
                {["Account", "Connector", "Kind", "Environment", "Status"].map((label) => (
                  <th key={label} scope="col" className="px-4 py-2 font-medium">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            {groups.map((group) => (
              <Tenant key={group.tenant.id} group={group} />
            ))}
          </table>
        )}
      </main>
    </div>
  );
}
