import { useAct } from "../../../app/act";
import { type AccountView, type CredentialView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Time, TokenClock } from "../../../components/Figures";
import { ErrorState } from "../../../components/States";
import { toast } from "../../../components/Toasts";
import { exact } from "../../../components/formats";

/** The lives of the tokens and of the secret, and a new token by hand. */
export function Clocks({ account, credential }: { account: AccountView; credential: CredentialView }) {
  const renew = useAct(backend.renewToken, {
    stale: ["account", "overview", "credentials", "credentialHistory", "alerts"],
    done: () => {
      toast("Renewed");
    },
  });
  const clocks = [
    { label: "Access token", clock: account.token, none: "none yet" },
    { label: "Refresh token", clock: account.refresh_token, none: "not applicable" },
  ];
  return (
    <section aria-labelledby="clocks-heading" className="max-w-4xl">
      <h2 id="clocks-heading" className="mb-2 text-[15px] font-semibold">
        Clocks
      </h2>
      <div className="flex flex-wrap items-center gap-8 rounded-lg border border-line bg-panel p-3">
        {clocks.map(({ label, clock, none }) => (
          <div key={label}>
            <div className="text-micro text-ink-3">{label}</div>
            <TokenClock clock={clock} none={none} />
            {clock?.renew_at && <div className="text-micro text-ink-3">renewal due {exact(clock.renew_at)}</div>}
          </div>
        ))}
        <div>
          <div className="text-micro text-ink-3">Secret</div>
          {credential.secret_set_at === null ? "none" : <Time at={credential.secret_set_at} />}
        </div>
        <div>
          <div className="text-micro text-ink-3">Grant</div>
          <div>
            {account.grant.replaceAll("_", " ")}, {account.purpose} only
          </div>
        </div>
        {account.client_id !== null && (
          <div>
            <div className="text-micro text-ink-3">Client id</div>
            <div className="flex items-center gap-1">
              <code className="font-mono text-code">{account.client_id}</code>
              <CopyButton label="Copy the client id" command={`Copy the client id of ${account.id}`} value={account.client_id} />
            </div>
          </div>
        )}
        {account.token !== null && (
          <span className="ml-auto">
            <Button
              command={`Renew ${account.id} now`}
              busy={renew.busy}
              onClick={() => {
                renew.run(account.id);
              }}
            >
              Renew now
            </Button>
          </span>
        )}
      </div>
      {renew.error && (
        <div className="mt-2">
          <ErrorState
            compact
            error={renew.error}
            onRetry={() => {
              renew.run(account.id);
            }}
          />
        </div>
      )}
    </section>
  );
}
