import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { type AccountView, type ConnectorChange, type CredentialView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { ConfirmHost } from "../../connect/ConfirmHost";
import { hostOf } from "../../connect/accountForm";
import { asksForHost } from "../../connect/useConnecting";
import { TrialOutcome } from "./TrialOutcome";
import { meaningOf } from "./changeMeaning";
import { useTrial } from "./useTrial";

/** The meaning as it is shown before somebody agrees to it. */
export function ChangeMeaning({ change }: { change: ConnectorChange }) {
  return (
    <ul className="flex list-disc flex-col gap-0.5 pl-4">
      {meaningOf(change).map((line) => (
        <li key={line} className="break-words">
          {line}
        </li>
      ))}
    </ul>
  );
}

/** A connector that changed where secrets go or how it signs in, and the approval without which nothing is sent. */
export function ApproveChange({ account, credential }: { account: AccountView; credential: CredentialView }) {
  const { connector_change: change } = credential;
  const trial = useTrial(account.id);
  const [asking, setAsking] = useState(false);
  const [host, setHost] = useState<string | null>(null);
  const asksHost = asksForHost(trial.error);
  const form = useQuery({
    queryKey: ["connector", account.connector],
    queryFn: () => backend.connector(account.connector),
    enabled: asksHost,
  });
  if (change === null && trial.busy === null && trial.error === null && !trial.report?.error) {
    return null;
  }
  const approve = (hosts: string[]) => {
    trial.run({
      change: () =>
        backend.updateAccount(account.id, {
          config: {},
          client_id: null,
          secret: null,
          scopes: null,
          allow_hosts: hosts,
          approve: true,
        }),
      test: account.status !== "awaiting_credentials",
      said: "Approved",
    });
  };
  const named = form.data ? hostOf(form.data, account.config) : null;
  return (
    <section
      aria-labelledby="change-heading"
      className="flex max-w-4xl flex-col gap-3 rounded-lg border border-warn bg-warn-soft p-3"
    >
      <h2 id="change-heading" className="text-[15px] font-semibold">
        {change === null ? "The connector's change is approved" : `${change.connector} has changed since it was approved`}
      </h2>
      {change !== null && (
        <>
          <div className="text-ink-2">
            Nothing is sent for this account until somebody agrees:
            <ChangeMeaning change={change} />
          </div>
          <Button
            className="self-start"
            command={`Approve the connector's change for ${account.id}`}
            busy={trial.busy !== null}
            onClick={() => {
              setAsking(true);
            }}
          >
            Approve the connector&apos;s change…
          </Button>
        </>
      )}
      <TrialOutcome
        trial={trial}
        onChange={() => {
          setAsking(true);
        }}
        action={
          asksHost &&
          named !== null && (
            <Button
              command="Confirm this host"
              onClick={() => {
                setHost(named);
              }}
            >
              Confirm this host…
            </Button>
          )
        }
      />
      {change !== null && (
        <ConfirmDialog
          open={asking}
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={() => {
            setAsking(false);
            approve([]);
          }}
          title={`Approve ${change.connector} as it is now?`}
          confirmLabel="Approve"
          danger={false}
          typed={account.kind === "sandbox" ? undefined : account.id}
          consequence={
            <>
              Approve it when you know who changed it.
              <ChangeMeaning change={change} />
            </>
          }
        />
      )}
      <ConfirmHost
        host={host}
        provider={form.data?.label ?? account.connector}
        onClose={() => {
          setHost(null);
        }}
        onConfirm={(confirmed) => {
          approve([confirmed]);
        }}
      />
    </section>
  );
}
