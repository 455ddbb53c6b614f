import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type AccountView, type ConnectorForm, type CredentialView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { counted } from "../../../components/formats";
import { MAIN_KEYS } from "../../../keyboard/commands";
import { ConfirmHost } from "../../connect/ConfirmHost";
import { ScopePicker } from "../../connect/ScopePicker";
import { SettingField } from "../../connect/SettingField";
import { hostOf } from "../../connect/accountForm";
import { refreshScopeOf, scopeAdvice, takesScopes } from "../../connect/scopeAdvice";
import { asksForHost } from "../../connect/useConnecting";
import { ChangeMeaning } from "./ApproveChange";
import { TrialOutcome } from "./TrialOutcome";
import { type Picked, type SettingChange, changesOf, pickedOf, problemsOf, sameScopes, settingsOf } from "./connectionForm";
import { useTrial } from "./useTrial";

/** Where an account connects to and what it asks for: changed here, then tested. */
export function Connection({ account, credential }: { account: AccountView; credential: CredentialView }) {
  const form = useQuery({
    queryKey: ["connector", account.connector],
    queryFn: () => backend.connector(account.connector),
  });
  return (
    <section aria-labelledby="connection-heading" className="max-w-4xl">
      <h2 id="connection-heading" className="mb-2 text-[15px] font-semibold">
        Connection
      </h2>
      {form.error ? (
        <ErrorState compact error={form.error} onRetry={() => void form.refetch()} />
      ) : form.data ? (
        <ConnectionForm key={account.id} form={form.data} account={account} credential={credential} />
      ) : (
        <Skeleton lines={3} />
      )}
    </section>
  );
}

/** What is about to change, a line each. */
function Changes({ settings, scopes, children }: { settings: SettingChange[]; scopes: string[] | null; children?: ReactNode }) {
  return (
    <>
      <ul className="flex list-disc flex-col gap-0.5 pl-4">
        {settings.map(({ key, label, before, after }) => (
          <li key={key} className="break-words">
            {label}: {before || "none"} → {after || "none"}
          </li>
        ))}
        {scopes && <li className="break-words">Scopes asked for: {scopes.join(" ")}</li>}
      </ul>
      {children}
    </>
  );
}

function ConnectionForm({
  form,
  account,
  credential,
}: {
  form: ConnectorForm;
  account: AccountView;
  credential: CredentialView;
}) {
  const client = useQueryClient();
  const trial = useTrial(account.id);
  // What was typed over what is there.
  const [edits, setEdits] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  // Null: the scopes stay as they are.
  const [picked, setPicked] = useState<Picked | null>(null);
  const [asking, setAsking] = useState(false);
  const [host, setHost] = useState<string | null>(null);

  const values = { ...settingsOf(form, account), ...edits };
  const settings = changesOf(form, account, values);
  const problems = problemsOf(form, values);
  const refresh = refreshScopeOf(form, account.grant);
  const advice = useQuery({
    ...scopeAdvice(form.name, picked?.resources ?? [], picked?.pasted ?? null, account.purpose, account.grant),
    placeholderData: keepPreviousData,
    enabled: picked !== null,
  });
  const advised = picked !== null && !advice.isPlaceholderData ? (advice.data?.scopes ?? null) : null;
  // The refresh scope is asked for in any case: that it is named or not changes nothing.
  const named = (list: readonly string[]) => list.filter((scope) => scope !== refresh);
  const scopes =
    advised !== null && advised.length > 0 && !sameScopes(named(advised), named(account.scopes)) ? advised : null;
  const scoped = takesScopes(form);
  // Nothing is saved before it is known what the choice asks for, and that it asks for anything.
  const undecided = picked !== null && (advised === null || advised.length === 0);
  const changed = settings.length > 0 || scopes !== null;

  const production = account.kind !== "sandbox";
  const { connector_change: change } = credential;
  const signsIn = credential.sign_in.length > 0;
  const awaiting = account.status === "awaiting_credentials";
  const forget = () => {
    setEdits({});
    setPicked(null);
    setTried(false);
  };
  const save = (hosts: string[]) => {
    trial.run({
      change: async () => {
        const view = await backend.updateAccount(account.id, {
          config: Object.fromEntries(settings.map(({ key, after }) => [key, after])),
          client_id: null,
          secret: null,
          scopes: scopes === null ? null : scopes.join(" "),
          allow_hosts: hosts,
          approve: false,
        });
        // Such as a scope that was corrected.
        view.notes?.forEach((note) => {
          toast(note);
        });
        // Shown at once: the test takes its time.
        client.setQueryData(["account", account.id], view);
        forget();
      },
      // Its token ended with the change: a person has to sign in before anything can be tested.
      test: !awaiting && !signsIn,
      said: awaiting ? "Saved" : signsIn ? "Saved; sign in again to use it" : "Saved, and the connection works",
    });
  };
  const submit = () => {
    setTried(true);
    if (!changed || undecided || trial.busy !== null || Object.keys(problems).length > 0) {
      return;
    }
    // On production, and where it agrees to a connector's change too, it is said first.
    if (production || change !== null) {
      setAsking(true);
    } else {
      save([]);
    }
  };
  return (
    <>
      <form
        noValidate
        aria-label="Connection"
        className="flex flex-col gap-4 rounded-lg border border-line bg-panel p-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {form.config.length > 0 && (
          <div className="grid grid-cols-2 items-start gap-3">
            {form.config.map((field) => (
              <SettingField
                key={field.key}
                field={field}
                value={values[field.key] ?? ""}
                error={tried || field.key in edits ? problems[field.key] : undefined}
                onChange={(value) => {
                  setEdits({ ...edits, [field.key]: value });
                }}
              />
            ))}
          </div>
        )}
        {account.approved_hosts.length > 0 && (
          <p className="text-[12px] text-ink-3">
            Hosts that were confirmed besides the connector&apos;s own:{" "}
            <code className="font-mono">{account.approved_hosts.join(", ")}</code>
          </p>
        )}
        {scoped &&
          (picked === null ? (
            <div className="flex items-center gap-3">
              <span className="text-ink-2">Asks for {counted(account.scopes.length, "scope")}.</span>
              <Button
                small
                command="Choose other scopes"
                onClick={() => {
                  setPicked(pickedOf(form, account.scopes, refresh));
                }}
              >
                Choose other scopes
              </Button>
            </div>
          ) : (
            <div className="flex flex-col gap-2">
              <ScopePicker
                form={form}
                resources={picked.resources}
                onResources={(resources) => {
                  setPicked({ ...picked, resources });
                }}
                pasted={picked.pasted}
                onPasted={(pasted) => {
                  setPicked({ ...picked, pasted });
                }}
                refresh={refresh}
                advice={advice.data}
                error={advice.error}
                onRetry={() => void advice.refetch()}
              />
              <Button
                small
                tone="ghost"
                command="Leave the scopes as they are"
                className="self-start"
                onClick={() => {
                  setPicked(null);
                }}
              >
                Leave the scopes as they are
              </Button>
            </div>
          ))}
        <div className="flex items-center gap-3">
          <Button
            type="submit"
            command={`Save the connection of ${account.id}`}
            keys={MAIN_KEYS}
            disabled={!changed || undecided}
            busy={trial.busy === "change"}
          >
            {awaiting || signsIn ? "Save" : "Save and test"}
          </Button>
          {changed && trial.busy === null && (
            <Button
              tone="ghost"
              command="Discard the changes of the connection"
              onClick={() => {
                forget();
                trial.clear();
              }}
            >
              Discard
            </Button>
          )}
          <span className="text-[12px] text-ink-3">
            {account.kind}, {account.environment ?? "no environment"}, {account.purpose} only: these stay as they were chosen.
          </span>
        </div>
        <TrialOutcome
          trial={trial}
          onChange={changed ? submit : null}
          action={
            asksForHost(trial.error) && (
              <Button
                command="Confirm this host"
                onClick={() => {
                  setHost(hostOf(form, values));
                }}
              >
                Confirm this host…
              </Button>
            )
          }
        />
      </form>
      <ConfirmDialog
        open={asking}
        onClose={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          save([]);
        }}
        title={`Change the connection of ${account.id}?`}
        confirmLabel="Save"
        danger={false}
        typed={production ? account.id : undefined}
        consequence={
          <Changes settings={settings} scopes={scopes}>
            <p className="mt-2">
              {settings.length > 0 && "Its secrets go where these settings lead from now on. "}
              The token it has is given up; stored records stay.
            </p>
            {change !== null && settings.length > 0 && (
              <div className="mt-2">
                This also approves {change.connector} as it is now:
                <ChangeMeaning change={change} />
              </div>
            )}
          </Changes>
        }
      />
      <ConfirmHost
        host={host}
        provider={form.label}
        onClose={() => {
          setHost(null);
        }}
        onConfirm={(confirmed) => {
          save([confirmed]);
        }}
      />
    </>
  );
}
