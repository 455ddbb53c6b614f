import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";

import { NotFound } from "../../app/Fallbacks";
import { Screen } from "../../app/Screen";
import { HrefLink, accountHref, tenantHref } from "../../app/go";
import { useAccounts, useCall, useTenants } from "../../app/queries";
import { useRecent } from "../../app/useRecent";
import { BackendError, backend } from "../../backend";
import { Region } from "../../components/Region";
import { StatusBadge } from "../../components/StatusBadge";
import { ErrorState, Skeleton } from "../../components/States";
import { AccountTrouble } from "./AccountTrouble";
import { TokenRings } from "./TokenRings";
import { ACCOUNT_TABS } from "./tabs";

function TabRow({ account }: { account: string }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav
      aria-label="Account"
      className="flex h-10 shrink-0 items-stretch gap-4 border-b border-line bg-panel px-4"
    >
      {ACCOUNT_TABS.map((tab) => {
        const href = accountHref(account, tab.path);
        const here = path === href;
        return (
          <HrefLink
            key={tab.path}
            href={href}
            aria-current={here ? "page" : undefined}
            className={`-mb-px flex items-center border-b-2 ${here ? "border-accent font-medium text-ink" : "border-transparent text-ink-2 hover:text-ink"}`}
          >
            {tab.label}
          </HrefLink>
        );
      })}
    </nav>
  );
}

/** The way to the same tenant's account of the other kind, where there is one. */
function TwinLink({ account }: { account: string }) {
  // An account without a twin answers an error: then there is nowhere to go.
  const twin = useQuery({ queryKey: ["twin", account], queryFn: () => backend.twin(account) });
  const accounts = useAccounts();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const kind = accounts.data?.find((each) => each.id === twin.data)?.kind;
  if (!twin.data || !kind) {
    return null;
  }
  // The same tab of the other one: the two are looked at side by side.
  const tab = ACCOUNT_TABS.find((each) => path === accountHref(account, each.path))?.path;
  return (
    <HrefLink
      href={accountHref(twin.data, tab)}
      title={`The ${kind} twin: ${twin.data}`}
      className="flex shrink-0 items-center gap-1 text-[12px] text-accent hover:underline"
    >
      <ArrowLeftRight size={13} aria-hidden />
      {kind} twin
    </HrefLink>
  );
}

/** One account: its bar, its tabs and the tab that is open. */
export function Account({ id }: { id: string }) {
  const account = useQuery({ queryKey: ["account", id], queryFn: () => backend.account(id) });
  const tenants = useTenants();
  const call = useCall();
  const view = account.data;
  useRecent(view ? id : null);
  // Also what a customer call hides: then not even its name may show.
  if (account.error instanceof BackendError && account.error.code === "not_found") {
    return <NotFound />;
  }
  const tenant = tenants.data?.find((each) => each.id === view?.tenant);
  // While it is being asked for, it may still turn out to be somebody else's.
  const named = view !== undefined || call.data === null;
  return (
    <Screen
      title={named ? id : "Account"}
      crumbs={tenant ? [{ label: tenant.name, href: tenantHref(tenant.id) }] : []}
      kind={view?.kind}
      aside={
        view && (
          <>
            <StatusBadge status={view.status} healthy={view.health.healthy} />
            <TokenRings account={view} />
            <TwinLink account={id} />
            {tenant?.region && <Region region={tenant.region} />}
          </>
        )
      }
      tabs={named && <TabRow account={id} />}
      fixed
    >
      {account.error ? (
        <ErrorState error={account.error} onRetry={() => void account.refetch()} />
      ) : view ? (
        <>
          <AccountTrouble key={id} account={view} />
          <Outlet />
        </>
      ) : (
        <Skeleton className="p-4" />
      )}
    </Screen>
  );
}
