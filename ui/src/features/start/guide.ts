import { accountHref } from "../../app/go";
import type { OverviewRow } from "../../backend";

/** How far the guided start has come. */
export interface Guide {
  /** The sandbox's accounts. */
  accounts: string[];
  /** Steps that were opened. */
  done: string[];
  open: boolean;
  /** The account of theirs in which something is to be found; older guides do not know it. */
  broken?: string | null;
}

export const NO_GUIDE: Guide = { accounts: [], done: [], open: false };

export interface GuideStep {
  step: string;
  label: string;
  detail: string;
  href: string;
}

/** The steps for the accounts that are there: a sound one to learn on, and the broken one to mend. */
export function guideSteps(rows: OverviewRow[], known: string | null = null): GuideStep[] {
  const works = (row: OverviewRow) => row.status === "active" && row.healthy;
  const sound = rows.find((row) => works(row) && row.id !== known) ?? rows[0];
  // One that lacks a scope is active all the same: only its test told.
  const broken = rows.find((row) => row.id === known) ?? rows.find((row) => !works(row));
  if (!sound) {
    return [];
  }
  return [
    {
      step: "sync",
      label: "Run a test sync",
      detail: `In ${sound.id}, read a few pages and watch requests and records come in.`,
      href: accountHref(sound.id, "sync"),
    },
    {
      step: "explore",
      label: "Look at the records",
      detail: "Choose columns, filter as you type, ask the provider.",
      href: accountHref(sound.id, "explore"),
    },
    {
      step: "compare",
      label: "Compare raw and unified",
      detail: "Move over a unified field to see what it reads. Custom fields nothing reads are marked.",
      href: accountHref(sound.id, "compare"),
    },
    ...(broken
      ? [
          {
            step: "mend",
            label: `Find out what is wrong with ${broken.tenant_name}`,
            detail: "It says what happened, whose side it is on, and the next step.",
            href: accountHref(broken.id, "credentials", { section: works(broken) ? "scopes" : null }),
          },
        ]
      : []),
    {
      step: "own",
      label: "Add a tenant of your own",
      detail: "Beside the sandbox's; both can live in one workspace.",
      href: "/tenants?add=1",
    },
  ];
}
