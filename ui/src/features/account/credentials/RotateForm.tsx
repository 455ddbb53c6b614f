import { useState } from "react";

import { type AccountView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Field, Input } from "../../../components/Field";
import { TrialOutcome } from "./TrialOutcome";
import { useTrial } from "./useTrial";

/**
 * Puts a new secret in place of the old one once the provider has taken it, and tests the connection. `first`: there is
 * no old one, so that it is kept whatever the provider says.
 */
export function RotateForm({ account, first }: { account: AccountView; first: boolean }) {
  const [clientId, setClientId] = useState("");
  const [secret, setSecret] = useState("");
  const trial = useTrial(account.id);
  const put = async () => {
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
  };
  const rotate = () => {
    if (secret !== "" && trial.busy === null) {
      trial.run({
        change: put,
        test: true,
        said: first ? "The secret works" : "The new secret works; the old one is gone from here",
      });
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <form
        aria-label={first ? "Enter the secret" : "Rotate the secret"}
        className="flex flex-wrap items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          rotate();
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
          <Button
            type="submit"
            tone="primary"
            command={first ? `Connect ${account.id} with this secret` : `Rotate the secret of ${account.id} and test it`}
            disabled={secret === ""}
            busy={trial.busy === "change"}
          >
            {first ? "Connect" : "Rotate and test"}
          </Button>
          <Button
            command={`Test the connection of ${account.id}`}
            busy={trial.busy === "test"}
            disabled={trial.busy === "change"}
            onClick={trial.test}
          >
            Test the connection
          </Button>
        </span>
      </form>
      <TrialOutcome trial={trial} onChange={secret === "" ? null : rotate} />
    </div>
  );
}
