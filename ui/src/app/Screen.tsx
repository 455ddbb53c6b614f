import { Search } from "lucide-react";
import { Fragment, type ReactNode, useEffect } from "react";

import { KindBadge } from "../components/Badge";
import { Kbd } from "../components/Kbd";
import { EnvironmentFilter } from "./EnvironmentFilter";
import { HrefLink } from "./go";
import { openPalette } from "./palette";

export interface Crumb {
  label: string;
  href: string;
}

/**
 * One screen: the bar at the top with where one is, the search and the screen's actions, and the content below, which
 * scrolls by itself unless `fixed`. `kind` tints the frame of what belongs to one account.
 */
export function Screen({
  title,
  crumbs = [],
  kind,
  aside,
  actions,
  tabs,
  environments = false,
  fixed = false,
  children,
}: {
  title: string;
  crumbs?: Crumb[];
  kind?: string | undefined;
  /** Beside the title: badges, what is the state of it. */
  aside?: ReactNode;
  actions?: ReactNode;
  /** A row under the bar. */
  tabs?: ReactNode;
  /** Shows the filter by environment, on screens that list accounts. */
  environments?: boolean;
  fixed?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} – Crosswalk`;
  }, [title]);
  return (
    <div className="flex h-full min-w-0 flex-col">
      {kind && (
        <div
          aria-hidden
          className={`fixed inset-x-0 top-0 z-30 h-[3px] ${kind === "production" ? "bg-production" : "bg-sandbox"}`}
        />
      )}
      <header className="flex h-(--top-height) shrink-0 items-center gap-2 border-b border-line bg-panel px-4">
        <nav aria-label="Breadcrumb" className="flex min-w-0 items-center">
          {crumbs.map((crumb) => (
            <Fragment key={crumb.href}>
              <HrefLink href={crumb.href} className="truncate text-ink-2 hover:text-ink">
                {crumb.label}
              </HrefLink>
              <span aria-hidden className="px-1.5 text-ink-3">
                /
              </span>
            </Fragment>
          ))}
          <h1 className="truncate font-semibold">{title}</h1>
        </nav>
        {kind && <KindBadge kind={kind} />}
        {aside}
        <div className="ml-auto flex shrink-0 items-center gap-2">
          <button
            type="button"
            onClick={() => {
              openPalette("all");
            }}
            className="flex h-7 w-72 items-center gap-2 rounded-[7px] border border-line bg-bg px-2 text-ink-3 hover:border-line-strong max-[1100px]:w-48"
          >
            <Search size={14} aria-hidden />
            <span className="truncate">Search or run a command</span>
            <span className="ml-auto">
              <Kbd keys="Mod+K" />
            </span>
          </button>
          {environments && <EnvironmentFilter />}
          {actions}
        </div>
      </header>
      {tabs}
      <main className={`flex min-h-0 flex-1 flex-col ${fixed ? "" : "overflow-auto"}`}>
        {children}
      </main>
    </div>
  );
}
