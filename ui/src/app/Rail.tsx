import { useRouterState } from "@tanstack/react-router";
import { Bell, Building2, LayoutGrid, Plug, RefreshCw, Settings } from "lucide-react";
import type { ReactNode } from "react";

import { count } from "../components/formats";
import { HrefLink, accountHref } from "./go";
import { useAccounts, useAlerts, useTenants } from "./queries";
import { useStored } from "./place";

const ICON = { size: 15, strokeWidth: 1.8, "aria-hidden": true } as const;

function Place({
  href,
  icon,
  label,
  number,
  hot = false,
}: {
  href: string;
  icon: ReactNode;
  label: string;
  number?: number | undefined;
  hot?: boolean;
}) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  return (
    <HrefLink
      href={href}
      aria-current={here ? "page" : undefined}
      className={`flex h-[30px] items-center gap-2.5 rounded-md px-2 ${here ? "bg-panel font-medium text-ink shadow-[0_0_0_1px_var(--line)]" : "text-ink-2 hover:bg-line-2 hover:text-ink"}`}
    >
      {icon}
      {label}
      {number !== undefined && number > 0 && (
        <span
          className={`ml-auto text-micro tabular-nums ${hot ? "rounded-full bg-bad px-1.5 font-medium text-bad-ink" : "text-ink-3"}`}
        >
          {count(number)}
        </span>
      )}
    </HrefLink>
  );
}

/** Accounts opened lately, latest first; only those that are still there and may be seen. */
function Recent() {
  const [recent] = useStored<string[]>("recent", []);
  const accounts = useAccounts();
  const tenants = useTenants();
  const names = new Map(tenants.data?.map((tenant) => [tenant.id, tenant.name]));
  const known = new Map(accounts.data?.map((account) => [account.id, account]));
  const shown = recent.flatMap((id) => known.get(id) ?? []).slice(0, 6);
  if (shown.length === 0) {
    return null;
  }
  return (
    <>
      <h2 id="recent" className="px-2 pt-4 pb-1 text-micro text-ink-3">
        Recent
      </h2>
      <ul aria-labelledby="recent" className="flex flex-col gap-0.5">
        {shown.map((account) => (
          <li key={account.id}>
            <HrefLink
              href={accountHref(account.id)}
              className="block truncate rounded-md px-2 py-1 text-[12px] text-ink-2 hover:bg-line-2 hover:text-ink"
            >
              {names.get(account.tenant) ?? account.tenant} / {account.id}
            </HrefLink>
          </li>
        ))}
      </ul>
    </>
  );
}

/** As in icons/crosswalk.svg. */
function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 1024 1024" width="20" height="20">
      <rect width="1024" height="1024" rx="232" fill="#3d57d6" />
      <g transform="rotate(45 512 512)">
        <path fill="#fff" d="M132 427h760v170H132z" />
        <path
          fill="#ffd166"
          d="M422 266h180v100H422zM422 112h180v94H422zM422 658h180v100H422zM422 818h180v94H422z"
        />
      </g>
    </svg>
  );
}

/** The places of the window. */
export function Rail() {
  const tenants = useTenants();
  const alerts = useAlerts();
  const due = alerts.data?.filter((alert) => alert.state === "due" || alert.state === "active");
  return (
    <nav
      aria-label="Places"
      className="flex w-(--rail-width) shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-rail px-2.5 py-3 print:hidden"
    >
      <div className="flex items-center gap-2 px-2 pt-0.5 pb-3.5 font-semibold">
        <Mark /> Crosswalk
      </div>
      <Place href="/" icon={<LayoutGrid {...ICON} />} label="Overview" />
      <Place
        href="/tenants"
        icon={<Building2 {...ICON} />}
        label="Tenants"
        number={tenants.data?.length}
      />
      <Place href="/connectors" icon={<Plug {...ICON} />} label="Connectors" />
      <Place href="/runs" icon={<RefreshCw {...ICON} />} label="Runs" />
      <Place href="/alerts" icon={<Bell {...ICON} />} label="Alerts" number={due?.length} hot />
      <Place href="/settings" icon={<Settings {...ICON} />} label="Settings" />
      <Recent />
    </nav>
  );
}
