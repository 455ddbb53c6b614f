import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";

import { NotFound } from "../../app/Fallbacks";
import { Screen } from "../../app/Screen";
import { HrefLink, accountHref, tenantHref } from "../../app/go";
import { useTenants } from "../../app/queries";
import { useRecent } from "../../app/useRecent";
import { BackendError, backend } from "../../backend";
import { StatusBadge } from "../../components/StatusBadge";
import { ErrorState, Skeleton } from "../../components/States";
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

/** One account: its bar, its tabs and the tab that is open. */
export function Account({ id }: { id: string }) {
  const account = useQuery({ queryKey: ["account", id], queryFn: () => backend.account(id) });
  const tenants = useTenants();
  const view = account.data;
  useRecent(view ? id : null);
  // Also what a customer call hides: then not even its name may show.
  if (account.error instanceof BackendError && account.error.code === "not_found") {
    return <NotFound />;
  }
  const tenant = tenants.data?.find((each) => each.id === view?.tenant);
  return (
    <Screen
      title={id}
      crumbs={tenant ? [{ label: tenant.name, href: tenantHref(tenant.id) }] : []}
      kind={view?.kind}
      aside={view && <StatusBadge status={view.status} healthy={view.health.healthy} />}
      tabs={<TabRow account={id} />}
      fixed
    >
      {account.error ? (
        <ErrorState error={account.error} onRetry={() => void account.refetch()} />
      ) : view ? (
        <Outlet />
      ) : (
        <Skeleton className="p-4" />
      )}
    </Screen>
  );
}
