import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type AccountView, type LiveStep, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Field, Input } from "../../../components/Field";
import { Duration } from "../../../components/Figures";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";

/** A step of a connection test replaces its own earlier state. */
export function withStep(steps: readonly LiveStep[], step: LiveStep): LiveStep[] {
  return steps.some((each) => each.name === step.name)
    ? steps.map((each) => (each.name === step.name ? step : each))
    : [...steps, step];
}

/**
 * Puts a new secret in place of the old one once the provider has taken it, and tests the connection. `first`: there is
 * no old one, so that it is kept whatever the provider says.
 */
export function RotateForm({ account, first }: { account: AccountView; first: boolean }) {
  const client = useQueryClient();
  const [clientId, setClientId] = useState("");
  const [secret, setSecret] = useState("");
  const [steps, setSteps] = useState<readonly LiveStep[]>([]);
  const test = async () => {
    setSteps([]);
    const report = await backend.connect(account.id, (step) => setSteps((old) => withStep(old, step)));
    await client.invalidateQueries({ queryKey: ["account", account.id] });
    for (const key of ["overview", "credentials", "credentialHistory"]) {
      await client.invalidateQueries({ queryKey: [key] });
    }
    return report;
  };
  const check = useMutation({ mutationFn: test });
  const rotate = useMutation({
    mutationFn: async () => {
      const id = clientId.trim() === "" ? null : clientId.trim();
      if (first) {
        await backend.updateAccount(account.id, {
          config: {},
          client_id: id,
          secret,
          scopes: null,
          allow_hosts: [],
          approve: false,
        });
      } else {
        await backend.rotateSecret(account.id, { client_id: id, secret });
      }
      setSecret("");
      setClientId("");
      return test();
    },
    onSuccess: (report) => {
      if (report.status === "active") {
        toast(first ? "The secret works" : "The new secret works; the old one is gone from here");
      }
    },
  });
  const busy = check.isPending || rotate.isPending;
  const report = rotate.data ?? check.data;
  const failure = rotate.error ?? check.error;
  return (
    <div className="flex flex-col gap-3">
      <form
        aria-label={first ? "Enter the secret" : "Rotate the secret"}
        className="flex flex-wrap items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (secret !== "" && !busy) {
            rotate.mutate();
          }
        }}
      >
        <Field label="Client id" optional help={account.client_id ? `Now ${account.client_id}.` : undefined}>
          {(control) => <Input {...control} value={clientId} onChange={(event) => setClientId(event.target.value)} />}
        </Field>
        <Field
          label="New secret"
          help={first ? "Goes to the vault and is never shown again." : "The provider has to take it first; until then the old one stays in force."}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
        <span className="flex gap-2 pt-6">
          <Button type="submit" tone="primary" disabled={secret === ""} busy={rotate.isPending}>
            {first ? "Connect" : "Rotate and test"}
          </Button>
          <Button type="button" busy={check.isPending} disabled={rotate.isPending} onClick={() => check.mutate()}>
            Test the connection
          </Button>
        </span>
      </form>
      {steps.length > 0 && (
        <ol aria-label="Connection test" aria-live="polite" className="flex flex-col gap-1">
          {steps.map((step) => (
            <li key={step.name} className="flex items-center gap-2">
              <Badge tone={step.state === "running" ? "quiet" : step.ok ? "ok" : "bad"}>{step.state === "running" ? "…" : step.ok ? "ok" : "failed"}</Badge>
              <span className="w-32 truncate font-medium">{step.name}</span>
              <span className="min-w-0 flex-1 truncate text-ink-2">{step.message}</span>
              {step.state !== "running" && <Duration ms={step.ms} />}
            </li>
          ))}
        </ol>
      )}
      {report?.error && <ErrorState compact error={report.error} onRetry={() => check.mutate()} />}
      {failure && <ErrorState compact error={failure} onRetry={() => check.mutate()} />}
    </div>
  );
}
