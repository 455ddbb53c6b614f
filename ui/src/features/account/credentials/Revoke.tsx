import { useState } from "react";

import { useAct } from "../../../app/act";
import { type AccountView, type CredentialView, backend } from "../../../backend";
import { CopyButton } from "../../../components/CopyButton";
import { Time } from "../../../components/Figures";
import { toast } from "../../../components/Toasts";
import { Ending } from "./Ending";

/** What is true after a revocation, and what to send the administrator. */
export function Forgotten({ credential }: { credential: CredentialView }) {
  const { forgotten_at: at, forgotten_message: message, forgotten_letter: letter } = credential;
  if (at === null || message === null) {
    return null;
  }
  return (
    <section aria-label="Forgotten" role="status" className="max-w-4xl rounded-lg border border-warn bg-warn-soft p-3">
      <p className="font-medium">{message}</p>
      <p className="mt-1 flex flex-wrap items-center gap-3 text-ink-2">
        <span>
          Revoked <Time at={at} />. Its records here cannot be read any more, from no backup either.
        </span>
        {letter !== null && <CopyButton text label="Copy the message for the administrator" command="Copy the message for the administrator" value={letter} />}
      </p>
    </section>
  );
}

/** Ends the credentials: at the provider where it can, and here for good. */
export function Revoke({ account, credential }: { account: AccountView; credential: CredentialView }) {
  const [asking, setAsking] = useState(false);
  const revoke = useAct(backend.revokeAccount, {
    stale: ["account", "credentials", "credentialHistory", "overview", "overviewTotals", "listAccounts", "resources", "alerts", "tenant"],
    done: (forgotten) => {
      setAsking(false);
      toast(forgotten.revoked ? "Revoked and forgotten" : "Forgotten here; read what is still valid above");
    },
    failed: () => {
      setAsking(false);
    },
  });
  const where = Object.values(account.config)[0] ?? "its instance";
  return (
    <Ending
      account={account}
      heading="End it"
      label="Revoke and forget"
      question={`Revoke and forget ${account.id}?`}
      disabled={credential.forgotten_at !== null}
      busy={revoke.busy}
      error={revoke.error}
      asking={asking}
      onAsk={setAsking}
      onConfirm={(typed) => revoke.run(account.id, typed)}
      about={
        <>
          Revoke and forget ends the tokens {credential.can_revoke ? "at the provider" : "here (this provider offers no way to end them there)"},
          and destroys the key, the secret and every stored record of this account. Settings and mappings stay.
        </>
      }
      consequence={
        <>
          {credential.can_revoke ? `${where} is asked to end the tokens. ` : `${where} offers no way to end tokens: the last one stays valid there until it expires. `}
          Here the key, the secret and all stored records are destroyed at once, in backups too. Nothing brings them back. The
          client {account.client_id ?? ""} stays until the administrator deactivates it; the message to send is written for you.
        </>
      }
    />
  );
}
