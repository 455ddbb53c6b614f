import { useQuery } from "@tanstack/react-query";
import { Ellipsis, FileText, PhoneCall, Plus, ShieldCheck, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";

import { Screen } from "../../app/Screen";
import { useCallSwitch } from "../../app/callSwitch";
import { useGo } from "../../app/go";
import { useCall } from "../../app/queries";
import { type TenantDetail, backend } from "../../backend";
import { Button, IconButton } from "../../components/Button";
import { Menu } from "../../components/Menu";
import { Region } from "../../components/Region";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { toastError } from "../../components/Toasts";
import { AccountCard } from "./AccountCard";
import { AccountTable } from "./AccountTable";
import { Checklist } from "./Checklist";
import { QuietWindows } from "./QuietWindows";
import { RemoveTenant } from "./RemoveTenant";
import { Report } from "./Report";
import { TenantNotes } from "./TenantNotes";
import { type Twins, twinsOf } from "./twins";

// Cards are heavier than rows: more accounts than these stand in a table.
const MOST_CARDS = 20;

function TwinRows({ twins, onConnect }: { twins: Twins; onConnect: (kind: string) => void }) {
  const place = (row: Twins["pairs"][number]["sandbox"], kind: string) =>
    row ? (
      <AccountCard row={row} />
    ) : (
      <div className="flex items-center justify-center rounded-lg border border-dashed border-line-strong p-4">
        <Button
          tone="ghost"
          command={`Connect the ${kind} twin of ${twins.label}`}
          icon={<Plus size={14} aria-hidden />}
          onClick={() => {
            onConnect(kind);
          }}
        >
          Connect the {kind} twin
        </Button>
      </div>
    );
  return (
    <section aria-label={twins.label}>
      <h3 className="mb-2 font-medium text-ink-2">{twins.label}</h3>
      <div className="flex flex-col gap-3">
        {twins.pairs.map((pair) => (
          <div
            key={`${pair.sandbox?.id ?? ""} ${pair.production?.id ?? ""}`}
            className="grid grid-cols-2 gap-3"
          >
            {place(pair.sandbox, "sandbox")}
            {place(pair.production, "production")}
          </div>
        ))}
      </div>
    </section>
  );
}

function Contents({ tenant, onReport }: { tenant: TenantDetail; onReport: () => void }) {
  const go = useGo();
  const twins = useMemo(() => twinsOf(tenant.accounts), [tenant.accounts]);
  const connect = (connector?: string, kind?: string) => {
    const query = new URLSearchParams({ tenant: tenant.id });
    if (connector) {
      query.set("connector", connector);
    }
    if (kind) {
      query.set("kind", kind);
    }
    go(`/connect?${query.toString()}`);
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_320px] items-start gap-5 px-5 pt-4 pb-16">
      <div className="flex min-w-0 flex-col gap-5">
        <div>
          <h2 className="mb-2 text-title font-semibold">Accounts</h2>
          {twins.length === 0 ? (
            <div className="rounded-lg border border-line bg-panel">
              <EmptyState
                title="No account yet"
                action={
                  <Button
                    tone="primary"
                    command={`Connect an account of ${tenant.name}`}
                    onClick={() => {
                      connect();
                    }}
                  >
                    Connect an account
                  </Button>
                }
              >
                Start with the customer&apos;s sandbox; production can follow beside it.
              </EmptyState>
            </div>
          ) : tenant.accounts.length > MOST_CARDS ? (
            <AccountTable twins={twins} />
          ) : (
            <div className="flex flex-col gap-4">
              {twins.map((each) => (
                <TwinRows
                  key={each.connector}
                  twins={each}
                  onConnect={(kind) => {
                    connect(each.connector, kind);
                  }}
                />
              ))}
            </div>
          )}
        </div>
        <QuietWindows key={`quiet ${tenant.id}`} tenant={tenant.id} />
        <TenantNotes key={tenant.id} tenant={tenant} />
      </div>
      <Checklist tenant={tenant.id} steps={tenant.checklist} onReport={onReport} />
    </div>
  );
}

/** One customer: its accounts by kind beside each other, how far its onboarding is, and what is known about it. */
export function Tenant({ id }: { id: string }) {
  const go = useGo();
  const tenant = useQuery({ queryKey: ["tenant", id], queryFn: () => backend.tenant(id) });
  const call = useCall();
  const { enter } = useCallSwitch();
  const [open, setOpen] = useState<"report" | "security" | "remove" | null>(null);
  const connect = () => {
    go(`/connect?tenant=${encodeURIComponent(id)}`);
  };
  const close = () => {
    setOpen(null);
  };
  const { data } = tenant;
  return (
    <Screen
      title={data?.name ?? "Tenant"}
      crumbs={[{ label: "Tenants", href: "/tenants" }]}
      aside={data?.region && <Region region={data.region} />}
      actions={
        data && (
          <>
            <Button tone="primary" command={`Connect an account of ${data.name}`} icon={<Plus size={14} aria-hidden />} onClick={connect}>
              Connect account
            </Button>
            <Menu
              trigger={<IconButton label="More" icon={<Ellipsis size={16} aria-hidden />} />}
              items={[
                {
                  label: "Security report…",
                  command: `Security report of ${data.name}`,
                  icon: <ShieldCheck size={14} aria-hidden />,
                  run: () => {
                    setOpen("security");
                  },
                },
                {
                  label: "Report to print…",
                  command: `Report to print of ${data.name}`,
                  icon: <FileText size={14} aria-hidden />,
                  run: () => {
                    setOpen("report");
                  },
                },
                // With a customer looking on nothing is removed.
                ...(call.data
                  ? []
                  : [
                      {
                        label: "Start a customer call",
                        command: `Start a customer call with ${data.name}`,
                        icon: <PhoneCall size={14} aria-hidden />,
                        run: () => {
                          enter(id).catch(toastError);
                        },
                      },
                      null,
                      {
                        label: "Remove…",
                        command: `Remove ${data.name}`,
                        icon: <Trash2 size={14} aria-hidden />,
                        danger: true,
                        run: () => {
                          setOpen("remove");
                        },
                      },
                    ]),
              ]}
            />
          </>
        )
      }
    >
      {tenant.error ? (
        <ErrorState
          error={tenant.error}
          onRetry={() => void tenant.refetch()}
          action={
            <Button
              command="All tenants"
              onClick={() => {
                go("/tenants");
              }}
            >
              All tenants
            </Button>
          }
        />
      ) : data ? (
        <>
          <Contents
            tenant={data}
            onReport={() => {
              setOpen("report");
            }}
          />
          {(open === "report" || open === "security") && (
            <Report tenant={id} kind={open} region={data.region} onClose={close} />
          )}
          {open === "remove" && <RemoveTenant tenant={data} onClose={close} />}
        </>
      ) : (
        <Skeleton lines={8} className="p-6" />
      )}
    </Screen>
  );
}
