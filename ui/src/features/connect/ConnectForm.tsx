import { zodResolver } from "@hookform/resolvers/zod";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Controller, useForm } from "react-hook-form";

import { useAct } from "../../app/act";
import { recall, remember } from "../../app/place";
import { useAccounts, useTenants } from "../../app/queries";
import { type ConnectorForm, backend } from "../../backend";
import { Button, IconButton } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { ConfirmDialog } from "../../components/Dialog";
import { Field, Input } from "../../components/Field";
import { Select } from "../../components/Select";
import { ErrorState } from "../../components/States";
import { useMainAction } from "../../keyboard/commands";
import { AddTenant } from "../tenants/AddTenant";
import { AdminMessage } from "./AdminMessage";
import { Outcome } from "./Outcome";
import { ScopePicker } from "./ScopePicker";
import { SettingField } from "./SettingField";
import { type AccountForm, accountRules, hostOf, inputOf, proposedId, startingForm } from "./accountForm";
import { asksForHost, useConnecting } from "./useConnecting";

/** What of the form is kept while it is not done. */
interface Draft extends Partial<AccountForm> {
  resources?: string[];
  pasted?: string | null;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 border-t border-line pt-4">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function SecretInput(props: React.ComponentProps<typeof Input>) {
  const [seen, setSeen] = useState(false);
  return (
    <div className="flex gap-1">
      <Input {...props} type={seen ? "text" : "password"} className="font-mono text-code" />
      <IconButton
        label={seen ? "Hide" : "Show"}
        icon={seen ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
        onClick={() => {
          setSeen(!seen);
        }}
      />
    </div>
  );
}

/** The page's form for one connector, with what to ask for and how the connection goes beside it. */
export function ConnectForm({
  form,
  picker,
  given,
  draftKey,
}: {
  form: ConnectorForm;
  /** The choice of the connector, which stands first in the form. */
  picker: ReactNode;
  given: { tenant: string; kind: string };
  /** What the workspace keeps the draft under. */
  draftKey: string;
}) {
  const [draft] = useState(() => (recall(draftKey) as Draft | undefined) ?? null);
  const tenants = useTenants();
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

  const advice = useQuery({
    queryKey: ["scopeAdvice", form.name, resources, pasted, values.purpose],
    queryFn: () =>
      backend.scopeAdvice(form.name, resources, pasted?.trim() ? pasted : null, values.purpose),
    placeholderData: keepPreviousData,
  });
  const scopes = advice.data?.scopes ?? [];

  // The id follows the choices until someone types one.
  const proposal = proposedId(
    values.tenant,
    form.name,
    values.kind,
    accounts.data?.map((account) => account.id) ?? [],
  );
  const named = dirtyFields.id === true || (draft?.id ?? "") !== "";
  useEffect(() => {
    if (!named && !locked && values.tenant) {
      setValue("id", proposal);
    }
  }, [named, locked, proposal, setValue, values.tenant]);

  // Drafts are kept in the workspace; a credential never is, but in its vault.
  const kept = JSON.stringify({ ...values, credential: undefined, resources, pasted });
  useEffect(() => {
    remember(draftKey, locked ? undefined : (JSON.parse(kept) as unknown));
  }, [draftKey, kept, locked]);

  const approve = useAct(backend.approveConnector, { stale: ["connector", "listConnectors"] });
  const busy = connecting.state === "adding" || connecting.state === "testing";
  const start = (allowHosts: string[] = []) => {
    if (busy || !form.approved) {
      return;
    }
    void handleSubmit((checked) =>
      connecting.connect(inputOf(form, checked, scopes, allowHosts)),
    )();
  };
  useMainAction("Connect", start, form.approved && !busy);

  const tenantOptions = (tenants.data ?? [])
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((tenant) => ({ value: tenant.id, label: tenant.name }));

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
        <div className="grid grid-cols-2 gap-3">
          {picker}
          <Controller
            control={control}
            name="tenant"
            render={({ field }) => (
              <Field
                label="Tenant"
                error={errors.tenant?.message}
                aside={
                  !locked && (
                    <button
                      type="button"
                      className="text-[12px] text-accent hover:underline"
                      onClick={() => {
                        setAdding(true);
                      }}
                    >
                      Add a tenant
                    </button>
                  )
                }
              >
                {(props) => (
                  <Select
                    {...props}
                    value={field.value || null}
                    options={tenantOptions}
                    onChange={field.onChange}
                    disabled={locked}
                    className="w-full"
                  />
                )}
              </Field>
            )}
          />
        </div>
        <Controller
          control={control}
          name="kind"
          render={({ field }) => (
            <Choice
              label="Instance"
              value={field.value}
              disabled={locked}
              onChange={field.onChange}
              options={[
                { value: "sandbox", label: "Sandbox", detail: "The customer's trial instance" },
                {
                  value: "production",
                  label: "Production",
                  detail: "Live data: changes ask for a typed confirmation",
                },
              ]}
            />
          )}
        />
        <div className="grid grid-cols-2 gap-3">
          <Controller
            control={control}
            name="id"
            render={({ field }) => (
              <Field label="Account id" error={errors.id?.message} help="Names it in commands and links.">
                {(props) => (
                  <Input {...props} {...field} disabled={locked} className="font-mono text-code" />
                )}
              </Field>
            )}
          />
          <Controller
            control={control}
            name="environment"
            render={({ field }) => (
              <Field
                label="Environment"
                optional
                help="Accounts of one environment share mapping changes."
              >
                {(props) => (
                  <Input
                    {...props}
                    {...field}
                    disabled={locked}
                    list="environments"
                    placeholder="eu-live"
                  />
                )}
              </Field>
            )}
          />
          <datalist id="environments">
            {[...new Set(accounts.data?.map((account) => account.environment) ?? [])]
              .filter((name) => name !== null)
              .map((name) => (
                <option key={name} value={name} />
              ))}
          </datalist>
        </div>

        {form.config.length > 0 && (
          <Part title="Connection">
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
          </Part>
        )}

        <Part title="What to sync">
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
            advice={advice.data}
            error={advice.error}
          />
        </Part>

        <Part title="Credential">
          {form.grants.length > 1 && (
            <Field label="Connect by">
              {(props) => (
                <Select
                  {...props}
                  value={grantName}
                  disabled={locked}
                  options={form.grants.map((each) => ({ value: each.grant, label: each.label }))}
                  onChange={(next) => {
                    setGrantName(next);
                    setValue("grant", next);
                  }}
                  className="w-full"
                />
              )}
            </Field>
          )}
          {(grant?.credential ?? []).map((part) => (
            <Controller
              key={part.key}
              control={control}
              name={`credential.${part.key}`}
              render={({ field }) => (
                <Field
                  label={part.label}
                  help={part.help}
                  optional={!part.required}
                  error={errors.credential?.[part.key]?.message}
                >
                  {(props) =>
                    part.secret ? (
                      <SecretInput {...props} {...field} />
                    ) : (
                      <Input {...props} {...field} className="font-mono text-code" />
                    )
                  }
                </Field>
              )}
            />
          ))}
          <p className="text-[12px] text-ink-3">
            Secrets go to the vault of this workspace, encrypted, and nowhere else.
          </p>
        </Part>

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
          <Button type="submit" tone="primary" busy={busy} disabled={!form.approved}>
            {connecting.added === null ? "Connect" : "Try again"}
          </Button>
          {connecting.added !== null && !busy && (
            <Button
              tone="ghost"
              onClick={() => {
                void connecting.startOver();
              }}
            >
              Start over
            </Button>
          )}
        </div>
      </form>

      <div className="sticky top-4 flex flex-col gap-4">
        {connecting.state === "idle" ? (
          <AdminMessage
            connector={form.name}
            grant={grantName}
            scopes={scopes}
            config={values.config}
          />
        ) : (
          <Outcome
            connecting={connecting}
            signIn={grantName === "authorization_code"}
            action={
              asksForHost(connecting.error) && (
                <Button
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
      <ConfirmDialog
        open={confirmHost !== null}
        onClose={() => {
          setConfirmHost(null);
        }}
        onConfirm={() => {
          const host = confirmHost;
          setConfirmHost(null);
          if (host) {
            start([host]);
          }
        }}
        title="Send the credential to this host?"
        confirmLabel="Confirm host"
        typed={confirmHost ?? undefined}
        consequence={`${confirmHost ?? ""} is not one of the hosts ${form.label} is known by. The client and its secret will be sent there. Confirm it only when the customer's administrator named it.`}
      />
    </div>
  );
}
