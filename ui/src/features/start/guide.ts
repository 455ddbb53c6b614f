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

/** The steps for the accounts that are there: a sound one to learn on, and the broken one to mend. `tabs` are those an account has. */
export function guideSteps(rows: OverviewRow[], tabs: string[]): GuideStep[] {
  const sound = rows.find((row) => row.status === "active" && row.healthy) ?? rows[0];
  const broken = rows.find((row) => row.status !== "active" || !row.healthy);
  if (!sound) {
    return [];
  }
  const steps: (GuideStep & { tab?: string })[] = [
    {
      step: "sync",
      tab: "sync",
      label: "Run a test sync",
      detail: `In ${sound.id}, read a few pages and watch requests and records come in.`,
      href: accountHref(sound.id, "sync"),
    },
    {
      step: "explore",
      tab: "explore",
      label: "Look at the records",
      detail: "Choose columns, filter as you type, ask the provider.",
      href: accountHref(sound.id, "explore"),
    },
    {
      step: "compare",
      tab: "compare",
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
  return steps
    .filter(({ tab }) => tab === undefined || tabs.includes(tab))
    .map(({ step, label, detail, href }) => ({ step, label, detail, href }));
}
