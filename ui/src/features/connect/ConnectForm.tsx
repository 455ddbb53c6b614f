import { zodResolver } from "@hookform/resolvers/zod";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Controller, useForm } from "react-hook-form";

import { useAct } from "../../app/act";
import { recall, remember } from "../../app/place";
import { useAccounts } from "../../app/queries";
import { type ConnectorForm, backend } from "../../backend";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { ErrorState } from "../../components/States";
import { AddTenant } from "../tenants/AddTenant";
import { AccountPart } from "./AccountPart";
import { AdminMessage } from "./AdminMessage";
import { ConfirmHost } from "./ConfirmHost";
import { CredentialPart } from "./CredentialPart";
import { FormPart } from "./FormPart";
import { Outcome } from "./Outcome";
import { ScopePicker } from "./ScopePicker";
import { SettingField } from "./SettingField";
import { StartOver } from "./StartOver";
import { type AccountForm, accountRules, hostOf, inputOf, proposedId, startingForm } from "./accountForm";
import { refreshScopeOf, scopeAdvice, takesScopes } from "./scopeAdvice";
import { asksForHost, useConnecting } from "./useConnecting";

/** What of the form is kept while it is not done. */
interface Draft extends Partial<AccountForm> {
  resources?: string[];
  pasted?: string | null;
}

/** The page's form for one connector, with what to ask for and how the connection goes beside it. */
export function ConnectForm({
  form,
  picker,
  given,
  draftKey,
  onAnother,
}: {
  form: ConnectorForm;
  /** The choice of the connector, which stands first in the form. */
  picker: ReactNode;
  given: { tenant: string; kind: string };
  /** What the workspace keeps the draft under. */
  draftKey: string;
  /** The account is connected, and another is to be: the form begins anew. */
  onAnother: () => void;
}) {
  const client = useQueryClient();
  const [draft] = useState(() => (recall(draftKey) as Draft | undefined) ?? null);
  const accounts = useAccounts();
  const connecting = useConnecting();
  const [adding, setAdding] = useState(false);
  const [confirmHost, setConfirmHost] = useState<string | null>(null);
  // All there is at first, so that a first sync has something to show.
  const [resources, setResources] = useState(
    () => draft?.resources ?? form.resources.map((resource) => resource.key),
  );
  const [pasted, setPasted] = useState<string | null>(draft?.pasted ?? null);
  const [grantName, setGrantName] = useState(() => startingForm(form, { ...given, draft }).grant);
  const grant = form.grants.find((each) => each.grant === grantName);
  const { control, handleSubmit, setValue, watch, formState, getValues } = useForm<AccountForm>({
    resolver: zodResolver(accountRules(form, grant)),
    defaultValues: startingForm(form, { ...given, draft }),
    mode: "onTouched",
  });
  const values = watch();
  const { errors, dirtyFields } = formState;
  const locked = connecting.added !== null;
  // Connect was pressed: once, and now, while it is still worked out what to ask for.
  const [tried, setTried] = useState(false);
  const [weighing, setWeighing] = useState(false);
  const trying = connecting.state === "adding" || connecting.state === "testing";
  const busy = weighing || trying;
  const connected = connecting.report?.status === "active";
  const askAgain = connecting.added !== null && (connecting.report?.missing_scopes.length ?? 0) > 0;

  const scoped = takesScopes(form);
  const question = scopeAdvice(form.name, resources, pasted, values.purpose, grantName);
  const advice = useQuery({ ...question, placeholderData: keepPreviousData });

  // The id follows the choices until someone types one. While the account is added the workspace tells that its id is
  // taken: by itself.
  const proposal = proposedId(
    values.tenant,
    form.name,
    values.kind,
    accounts.data?.map((account) => account.id) ?? [],
  );
  const named = dirtyFields.id === true || (draft?.id ?? "") !== "";
  useEffect(() => {
    if (!named && !locked && !busy && values.tenant) {
      setValue("id", proposal);
    }
  }, [named, locked, busy, proposal, setValue, values.tenant]);

  // Drafts are kept in the workspace; a credential never is, but in its vault.
  const kept = JSON.stringify({ ...values, credential: undefined, resources, pasted });
  useEffect(() => {
    remember(draftKey, locked ? undefined : (JSON.parse(kept) as unknown));
  }, [draftKey, kept, locked]);

  const approve = useAct(backend.approveConnector, { stale: ["connector", "listConnectors"] });
  const start = (allowHosts: string[] = []) => {
    if (busy || connected || !form.approved) {
      return;
    }
    setTried(true);
    void handleSubmit(async (checked) => {
      // What is ticked now counts, not what was shown before the last tick. Without scopes to name the workspace would
      // ask for its own default set, which nobody chose.
      setWeighing(true);
      const advised = scoped ? await client.fetchQuery(question).catch(() => null) : null;
      setWeighing(false);
      const scopes = advised?.scopes ?? [];
      if (!scoped || scopes.length > 0) {
        await connecting.connect(inputOf(form, checked, scopes, allowHosts));
      }
    })();
  };

  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(300px,420px)] items-start gap-6 px-5 pt-4 pb-16">
      <form
        noValidate
        className="flex max-w-2xl flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <AccountPart
          picker={picker}
          control={control}
          errors={errors}
          locked={locked}
          onAddTenant={() => {
            setAdding(true);
          }}
        />

        {form.config.length > 0 && (
          <FormPart title="Connection">
            {form.config.map((setting) => (
              <Controller
                key={setting.key}
                control={control}
                name={`config.${setting.key}`}
                render={({ field }) => (
                  <SettingField
                    field={setting}
                    value={field.value}
                    onChange={field.onChange}
                    error={errors.config?.[setting.key]?.message}
                  />
                )}
              />
            ))}
          </FormPart>
        )}

        <FormPart title="What to sync">
          <Controller
            control={control}
            name="purpose"
            render={({ field }) => (
              <Choice
                label="This credential may"
                value={field.value}
                disabled={locked}
                onChange={field.onChange}
                options={[
                  { value: "read", label: "Read only", detail: "Enough to sync" },
                  { value: "write", label: "Write", detail: "A credential of its own, to mark records as handed over" },
                ]}
              />
            )}
          />
          <ScopePicker
            form={form}
            resources={resources}
            onResources={setResources}
            pasted={pasted}
            onPasted={setPasted}
            refresh={refreshScopeOf(form, grantName)}
            advice={advice.data}
            error={advice.error}
            onRetry={() => void advice.refetch()}
            tried={tried}
          />
        </FormPart>

        <CredentialPart
          form={form}
          grant={grantName}
          control={control}
          errors={errors}
          locked={locked}
          onGrant={(next) => {
            setGrantName(next);
            setValue("grant", next);
          }}
        />

        {!form.approved && (
          <ErrorState
            compact
            error={{
              code: "origin_not_approved",
              message: `${form.label} comes from the workspace folder and is not approved yet.`,
              hint: "Approve it when you know who wrote it: its accounts will send their secrets to the hosts it names.",
            }}
            action={
              <Button
                command={`Approve ${form.label}`}
                busy={approve.busy}
                onClick={() => {
                  approve.run(form.name);
                }}
              >
                Approve {form.label}
              </Button>
            }
          />
        )}
        <div className="flex items-center gap-2">
          {connected ? (
            <Button command="Connect another account" onClick={onAnother}>
              Connect another
            </Button>
          ) : (
            <Button type="submit" tone="primary" command={`Connect ${form.label}`} busy={busy} disabled={!form.approved}>
              {connecting.added === null ? "Connect" : "Try again"}
            </Button>
          )}
          {connecting.added !== null && !busy && !connected && (
            <StartOver
              account={connecting.added}
              production={values.kind !== "sandbox"}
              onGone={connecting.reset}
            />
          )}
        </div>
      </form>

      <div className="sticky top-4 flex flex-col gap-4">
        {connecting.state !== "idle" && (
          <Outcome
            connecting={connecting}
            resources={form.resources.map((resource) => resource.key)}
            action={
              asksForHost(connecting.error) && (
                <Button
                  command="Confirm this host"
                  onClick={() => {
                    setConfirmHost(hostOf(form, getValues("config")));
                  }}
                >
                  Confirm this host…
                </Button>
              )
            }
            onRetry={() => {
              start();
            }}
          />
        )}
        {!trying && !connected && !askAgain && (
          <AdminMessage
            connector={form.name}
            grant={grantName}
            scopes={scoped ? (advice.data?.scopes ?? []) : null}
            config={values.config}
            tenant={values.tenant}
            account={values.id}
          />
        )}
      </div>
      {adding && (
        <AddTenant
          onClose={() => {
            setAdding(false);
          }}
          onAdded={(tenant) => {
            setValue("tenant", tenant, { shouldValidate: true });
          }}
        />
      )}
      <ConfirmHost
        host={confirmHost}
        provider={form.label}
        onClose={() => {
          setConfirmHost(null);
        }}
        onConfirm={(host) => {
          start([host]);
        }}
      />
    </div>
  );
}
