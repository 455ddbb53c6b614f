import { BellRing, Clock3, Ellipsis } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";

import { Screen } from "../../app/Screen";
import { useAct } from "../../app/act";
import { EVERYTHING, isChosen, useEnvironment } from "../../app/environment";
import { accountHref, useGo } from "../../app/go";
import { useAccounts, useAlerts, useNotificationsUnavailable } from "../../app/queries";
import { type AlertView, backend } from "../../backend";
import { Badge } from "../../components/Badge";
import { Button, IconButton } from "../../components/Button";
import { Time } from "../../components/Figures";
import { Menu, type MenuItem } from "../../components/Menu";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { type Column, Table } from "../../components/Table";
import { toast, toastError } from "../../components/Toasts";
import { useNow } from "../../components/now";
import { Calendar } from "./Calendar";
import { dayOf, weeksOf } from "./calendar";
import { STATES, listed } from "./listed";
import { snoozeChoices } from "./snooze";

const DAYS = 90;

/** Whether the account's credentials are what has to be looked after. */
function needsCredentials(alert: AlertView): boolean {
  return alert.actions.includes("reauthorize") || alert.kind === "client_secret_age";
}

/** What can be done about an alert as it stands; what puts it off or away is behind the last button. */
function Deeds({ alert }: { alert: AlertView }) {
  const go = useGo();
  const now = useNow();
  const stale = ["alerts", "overview", "overviewTotals", "account"];
  const renew = useAct(backend.renewToken, {
    stale,
    failed: toastError,
    done: () => {
      toast("The token is renewed");
    },
  });
  const acknowledge = useAct(backend.ackAlert, { stale, failed: toastError });
  const snooze = useAct(backend.snoozeAlert, { stale, failed: toastError });
  const { account, actions } = alert;
  const of = alert.account ?? "the workspace";
  const snoozes: MenuItem[] = snoozeChoices(now).map((choice) => ({
    label: choice.label,
    run: () => {
      snooze.run(alert.id, choice.until);
    },
  }));
  const acknowledged: MenuItem = {
    label: "Acknowledge",
    run: () => {
      acknowledge.run(alert.id);
    },
  };
  const more = [
    ...(actions.includes("ack") ? [acknowledged] : []),
    ...(actions.includes("ack") && actions.includes("snooze") ? [null] : []),
    ...(actions.includes("snooze") ? snoozes : []),
  ];
  return (
    <span className="flex items-center justify-end gap-1.5">
      {account && actions.includes("renew") && (
        <Button
          small
          busy={renew.busy}
          aria-label={`Renew now: ${of}`}
          command={`Renew ${of} now`}
          onClick={() => {
            renew.run(account);
          }}
        >
          Renew now
        </Button>
      )}
      {account && (
        <Button
          small
          aria-label={`Open ${of}`}
          onClick={() => {
            // Where somebody has to sign in again or bring a new secret, that is where it is done.
            go(accountHref(account, needsCredentials(alert) ? "credentials" : undefined));
          }}
        >
          Open
        </Button>
      )}
      {alert.kind === "custody" && (
        <Button
          small
          onClick={() => {
            go("/settings");
          }}
        >
          Write it
        </Button>
      )}
      {more.length > 0 && (
        <Menu
          ofRow
          trigger={<IconButton label={`More: ${of}`} icon={<Ellipsis size={16} aria-hidden />} />}
          items={more}
        />
      )}
    </span>
  );
}

/** What is over is dimmed. */
function ink(alert: AlertView, otherwise: string): string {
  return alert.state === "resolved" ? "text-ink-3" : otherwise;
}

const COLUMNS: Column<AlertView>[] = [
  {
    key: "what",
    label: "What",
    width: "minmax(160px,2.4fr)",
    cell: (alert) => (
      <span
        className="block leading-[16px]"
        title={[alert.detail, alert.hint].filter(Boolean).join(" ")}
      >
        <span className={`block truncate font-medium ${ink(alert, "")}`}>{alert.title}</span>
        <span className={`block truncate text-micro/[15px] ${ink(alert, "text-ink-2")}`}>
          {alert.detail} {alert.hint}
        </span>
      </span>
    ),
  },
  {
    key: "account",
    label: "Tenant / account",
    width: "minmax(104px,1fr)",
    cell: (alert) => (
      <span className="block leading-[16px]">
        <span className={`block truncate ${ink(alert, "")}`}>{alert.tenant_name ?? "Workspace"}</span>
        <span className="block truncate text-micro/[15px] text-ink-3">{alert.account}</span>
      </span>
    ),
  },
  {
    key: "due",
    label: "When",
    width: "80px",
    cell: (alert) => (
      <Time at={alert.resolved_at ?? alert.snoozed_until ?? alert.due_at} className={ink(alert, "")} />
    ),
  },
  {
    key: "deeds",
    label: "",
    name: "Actions",
    width: "196px",
    cell: (alert) => <Deeds alert={alert} />,
  },
];

function heading(alert: AlertView): { key: string; heading: ReactNode } {
  const known = STATES.find((each) => each.state === alert.state);
  return {
    key: alert.state,
    heading: <Badge tone={known?.tone ?? "quiet"}>{known?.heading ?? alert.state}</Badge>,
  };
}

/** What is wrong, what is due, what falls due in the next ninety days, and what was resolved lately. */
export function Alerts() {
  const go = useGo();
  const now = useNow();
  const alerts = useAlerts();
  const silent = useNotificationsUnavailable();
  const [day, setDay] = useState<number | null>(null);
  const today = dayOf(now);
  const accounts = useAccounts();
  const [environment, setEnvironment] = useEnvironment();
  const within = useMemo(() => {
    const all = alerts.data ?? [];
    if (environment === EVERYTHING || !accounts.data) {
      return all;
    }
    const ids = new Set(accounts.data.filter((account) => isChosen(environment, account)).map(({ id }) => id));
    // What concerns the whole workspace concerns every environment of it.
    return all.filter(({ account }) => account === null || ids.has(account));
  }, [alerts.data, accounts.data, environment]);
  const weeks = useMemo(() => weeksOf(within, today, DAYS), [within, today]);
  const chosen = weeks.flat().find((each) => each.start === day);
  const shown = listed(chosen?.alerts ?? within);
  const headings = new Set(shown.map((alert) => alert.state)).size;
  return (
    <Screen
      title="Alerts"
      environments
      fixed
      actions={
        <Button
          command="Settings of notifications"
          icon={<BellRing size={14} aria-hidden />}
          onClick={() => {
            go("/settings");
          }}
        >
          Notifications
        </Button>
      }
    >
      {silent !== null && (
        <p role="status" className="mx-5 mt-4 rounded-lg border border-warn bg-warn-soft px-3 py-2">
          {silent}
        </p>
      )}
      {alerts.error ? (
        <ErrorState error={alerts.error} onRetry={() => void alerts.refetch()} />
      ) : !alerts.data ? (
        <Skeleton lines={8} className="p-6" />
      ) : alerts.data.length === 0 ? (
        <EmptyState
          icon={<Clock3 size={28} strokeWidth={1.6} aria-hidden />}
          title="Nothing is wrong and nothing falls due"
          action={
            <Button
              command="Open the overview"
              onClick={() => {
                go("/");
              }}
            >
              Open the overview
            </Button>
          }
        >
          Tokens and credentials that need someone show up here before they stop working.
        </EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1 items-start gap-5 px-5 pt-4 pb-5">
          <div
            className="flex max-h-full min-h-40 min-w-0 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-panel"
            style={{ height: 36 + shown.length * 48 + headings * 30 }}
          >
            <Table
              label="Alerts"
              columns={COLUMNS}
              rows={shown}
              rowKey={(alert) => alert.id}
              rowHeight={48}
              group={heading}
              onOpen={(alert) => {
                go(
                  alert.account
                    ? accountHref(alert.account, needsCredentials(alert) ? "credentials" : undefined)
                    : "/settings",
                );
              }}
              empty={
                <EmptyState
                  title="No alert matches"
                  action={
                    <Button
                      command="Show all alerts"
                      onClick={() => {
                        setEnvironment(EVERYTHING);
                        setDay(null);
                      }}
                    >
                      Show all alerts
                    </Button>
                  }
                />
              }
            />
          </div>
          <Calendar
            weeks={weeks}
            chosen={chosen?.start ?? null}
            onChoose={setDay}
          />
        </div>
      )}
    </Screen>
  );
}
