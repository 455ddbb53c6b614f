import { Building2, FlaskConical } from "lucide-react";
import type { ReactNode } from "react";

import { useAct } from "../../app/act";
import { useGo } from "../../app/go";
import { useStored } from "../../app/place";
import { backend } from "../../backend";
import { Button } from "../../components/Button";
import { ErrorState } from "../../components/States";
import { NO_GUIDE, type Guide } from "./guide";

function Way({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action: ReactNode;
}) {
  return (
    <section className="flex flex-col gap-2 rounded-xl border border-line bg-panel p-5">
      <span className="text-accent">{icon}</span>
      <h3 className="text-[15px] font-semibold">{title}</h3>
      <div className="flex-1 text-ink-2">{children}</div>
      <div className="mt-2">{action}</div>
    </section>
  );
}

/** An empty workspace: try it with the stand-in instances, or begin with a customer. */
export function FirstRun({ folder }: { folder: string | undefined }) {
  const go = useGo();
  const [, setGuide] = useStored<Guide>("guide", NO_GUIDE);
  const start = useAct(backend.startDemoSandbox, {
    stale: [
      "overview",
      "overviewTotals",
      "listTenants",
      "listAccounts",
      "workspaceInfo",
      "alerts",
      "demoSandbox",
    ],
    done: (made) => {
      setGuide({ accounts: made.accounts, broken: made.broken, done: [], open: true });
    },
  });
  return (
    <div className="m-auto flex w-full max-w-3xl flex-col gap-5 p-8">
      <div className="text-center">
        <h2 className="text-title font-semibold">Bring a customer&apos;s system on line</h2>
        <p className="mt-1 text-ink-2">
          From a credential to unified records, with every request and every mapping in sight.
        </p>
      </div>
      {start.error && (
        <ErrorState
          compact
          error={start.error}
          onRetry={() => {
            start.run();
          }}
        />
      )}
      <div className="mx-auto grid auto-cols-[minmax(0,360px)] grid-flow-col gap-4">
        <Way
          icon={<FlaskConical size={22} strokeWidth={1.7} aria-hidden />}
          title="Try it with the sandbox"
          action={
            <Button
              tone="primary"
              command="Start the sandbox"
              busy={start.busy}
              onClick={() => {
                start.run();
              }}
            >
              {start.busy ? "Starting the sandbox" : "Start the sandbox"}
            </Button>
          }
        >
          Three made-up tenants with running stand-in instances on this machine, one of them broken
          in an instructive way. Nothing leaves this computer, and each can be removed with its
          account from its own page at any time.
        </Way>
        <Way
          icon={<Building2 size={22} strokeWidth={1.7} aria-hidden />}
          title="Add your first tenant"
          action={
            <Button
              command="Add your first tenant"
              onClick={() => {
                go("/tenants?add=1");
              }}
            >
              Add a tenant
            </Button>
          }
        >
          A customer, its region and who to talk to. Then connect its trial instance with a
          read-only credential: under a minute from paste to first record.
        </Way>
      </div>
      {folder && (
        <p className="text-center text-[12px] text-ink-3">
          Workspace: <span className="font-mono break-all">{folder}</span>
        </p>
      )}
    </div>
  );
}
