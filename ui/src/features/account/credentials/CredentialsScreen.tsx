import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { type AccountView, type ResourceRow, backend } from "../../../backend";
import { Badge, type Tone } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { TokenClock } from "../../../components/Figures";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { counted, exact } from "../../../components/formats";
import { useAccount, useResources } from "../queries";
import { RotateForm } from "./RotateForm";
import { type ScopeVerdict, scopeRows, verdictOf } from "./scopeRows";

const TONES: Record<ScopeVerdict, Tone> = {
  "not granted": "bad",
  "more than needed": "warn",
  "in use": "ok",
  "not asked": "quiet",
};

/** The credentials tab: the clocks, what is granted against what is needed, and a new secret in place of the old one. */
export function CredentialsScreen({ account }: { account: string }) {
  const view = useAccount(account);
  const resources = useResources(account);
  const error = view.error ?? resources.error;
  if (error) {
    return <ErrorState error={error} onRetry={() => void view.refetch()} />;
  }
  if (!view.data || !resources.data) {
    return <Skeleton className="p-4" lines={8} />;
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-auto p-4">
      <Clocks account={view.data} />
      <Scopes account={view.data} resources={resources.data} />
      <section aria-labelledby="rotate-heading" className="max-w-4xl">
        <h2 id="rotate-heading" className="mb-2 text-[15px] font-semibold">
          Secret
        </h2>
        <RotateForm account={view.data} />
      </section>
    </div>
  );
}

function Clocks({ account }: { account: AccountView }) {
  const client = useQueryClient();
  const renew = useMutation({
    mutationFn: () => backend.renewToken(account.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["account", account.id] });
      await client.invalidateQueries({ queryKey: ["overview"] });
      toast("Renewed");
    },
  });
  const clocks = [
    { label: "Access token", clock: account.token, none: "none yet" },
    { label: "Refresh token", clock: account.refresh_token, none: "not applicable" },
  ];
  return (
    <section aria-labelledby="clocks-heading" className="max-w-4xl">
      <h2 id="clocks-heading" className="mb-2 text-[15px] font-semibold">
        Clocks
      </h2>
      <div className="flex flex-wrap items-center gap-8 rounded-lg border border-line bg-panel p-3">
        {clocks.map(({ label, clock, none }) => (
          <div key={label}>
            <div className="text-micro text-ink-3">{label}</div>
            <TokenClock clock={clock} none={none} />
            {clock?.renew_at && <div className="text-micro text-ink-3">renewal due {exact(clock.renew_at)}</div>}
          </div>
        ))}
        <div>
          <div className="text-micro text-ink-3">Grant</div>
          <div>
            {account.grant.replaceAll("_", " ")}, {account.purpose} only
          </div>
        </div>
        {account.client_id !== null && (
          <div>
            <div className="text-micro text-ink-3">Client id</div>
            <div className="flex items-center gap-1">
              <code className="font-mono text-code">{account.client_id}</code>
              <CopyButton label="Copy the client id" value={account.client_id} />
            </div>
          </div>
        )}
        {account.token !== null && (
          <span className="ml-auto">
            <Button busy={renew.isPending} onClick={() => renew.mutate()}>
              Renew now
            </Button>
          </span>
        )}
      </div>
      {renew.error && (
        <div className="mt-2">
          <ErrorState compact error={renew.error} onRetry={() => renew.mutate()} />
        </div>
      )}
    </section>
  );
}

function Scopes({ account, resources }: { account: AccountView; resources: readonly ResourceRow[] }) {
  const connector = useQuery({
    queryKey: ["connector", account.connector],
    queryFn: () => backend.connector(account.connector),
  });
  const rows = useMemo(
    () => scopeRows(account.scopes, account.scopes_granted, resources, connector.data?.scope_help ?? []),
    [account, resources, connector.data],
  );
  const excess = rows.filter((row) => verdictOf(row) === "more than needed");
  const missing = rows.filter((row) => verdictOf(row) === "not granted");
  if (rows.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="scopes-heading" className="max-w-4xl">
      <div className="mb-2 flex items-center gap-2">
        <h2 id="scopes-heading" className="text-[15px] font-semibold">
          Scopes
        </h2>
        {missing.length > 0 && <Badge tone="bad">{counted(missing.length, "scope")} not granted</Badge>}
        {excess.length > 0 && <Badge tone="warn">{counted(excess.length, "scope")} more than needed</Badge>}
        {account.scopes_granted === null && <span className="text-ink-3">The provider does not say what it granted.</span>}
        <span className="ml-auto">
          <CopyButton text label="Copy the message for the administrator" value={() => backend.adminMessage(account.id)} />
        </span>
      </div>
      <table className="w-full border-collapse rounded-lg border border-line bg-panel text-left">
        <thead>
          <tr className="border-b border-line text-micro text-ink-3">
            {["Scope", "State", "Asked", "Granted", "Needed by"].map((heading) => (
              <th key={heading} scope="col" className="px-3 py-1.5 font-medium">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.scope} className="border-b border-line-2">
              <td className="px-3 py-1 font-mono text-code" title={row.opens}>
                {row.scope}
              </td>
              <td className="px-3 py-1">
                <Badge tone={TONES[verdictOf(row)]}>{verdictOf(row)}</Badge>
              </td>
              <td className="px-3 py-1">{row.asked ? "yes" : "no"}</td>
              <td className="px-3 py-1">{row.granted === null ? "not told" : row.granted ? "yes" : "no"}</td>
              <td className="max-w-64 truncate px-3 py-1 text-ink-2" title={row.needed.join(", ")}>
                {row.needed.join(", ") || "nothing that is synced"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
