import { accountHref } from "../../app/go";
import type { OverviewRow } from "../../backend";

/** How far the guided start has come. */
export interface Guide {
  /** The sandbox's accounts. */
  accounts: string[];
  /** Steps that were opened. */
  done: string[];
  open: boolean;
}

export const NO_GUIDE: Guide = { accounts: [], done: [], open: false };

export interface GuideStep {
  step: string;
  label: string;
  detail: string;
  href: string;
}

/** The steps for the accounts that are there: a sound one to learn on, and the broken one to mend. */
export function guideSteps(rows: OverviewRow[]): GuideStep[] {
  const sound = rows.find((row) => row.status === "active" && row.healthy) ?? rows[0];
  const broken = rows.find((row) => row.status !== "active" || !row.healthy);
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
            href: accountHref(broken.id),
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
