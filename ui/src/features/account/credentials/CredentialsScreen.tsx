import { useQuery } from "@tanstack/react-query";

import { useAct } from "../../../app/act";
import { type AccountView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast, toastError } from "../../../components/Toasts";
import { useAccount, useResources } from "../queries";
import { ApproveChange } from "./ApproveChange";
import { Clocks } from "./Clocks";
import { Connection } from "./Connection";
import { History } from "./History";
import { Remove } from "./Remove";
import { Retention } from "./Retention";
import { Forgotten, Revoke } from "./Revoke";
import { RotateForm } from "./RotateForm";
import { Scopes } from "./Scopes";
import { SignIn } from "./SignIn";
import { useSection } from "./useSection";

/** The credentials tab: clocks, scopes, sign-in, the connection, a new secret in place of the old one, retention, the end, and what happened. */
export function CredentialsScreen({ account }: { account: string }) {
  const view = useAccount(account);
  const resources = useResources(account);
  const credential = useQuery({ queryKey: ["credentials", account], queryFn: () => backend.credentials(account) });
  useSection(account, view.isSuccess && resources.isSuccess && credential.isSuccess);
  const error = view.error ?? resources.error ?? credential.error;
  if (error) {
    const again = () => {
      void view.refetch();
      void resources.refetch();
      void credential.refetch();
    };
    return (
      <div className="flex flex-col gap-6 p-4 pb-16">
        <ErrorState compact error={error} onRetry={again} />
        {/* An account whose connector is gone can still be removed. */}
        {view.data && <Remove account={view.data} records={null} revocable />}
      </div>
    );
  }
  if (!view.data || !resources.data || !credential.data) {
    return <Skeleton className="p-4" lines={8} />;
  }
  const { data } = credential;
  const forgotten = data.forgotten_at !== null;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-auto p-4 pb-16">
      <Forgotten credential={data} />
      <ApproveChange account={view.data} credential={data} />
      <Clocks account={view.data} credential={data} />
      {data.sign_in.length > 0 && !forgotten && <SignIn account={account} ways={data.sign_in} />}
      <Scopes credential={data} resources={resources.data} />
      <Connection account={view.data} credential={data} />
      <section aria-labelledby="rotate-heading" className="max-w-4xl">
        <h2 id="rotate-heading" className="mb-2 text-[15px] font-semibold">
          {forgotten ? "Connect again" : "Secret"}
        </h2>
        <RotateForm account={view.data} first={forgotten || data.secret_set_at === null} />
        {!forgotten && <NewKey account={view.data} />}
      </section>
      <Retention account={view.data} />
      <Revoke account={view.data} credential={data} />
      <Remove
        account={view.data}
        records={resources.data.reduce((sum, resource) => sum + resource.stored, 0)}
        revocable={!forgotten}
      />
      <History account={account} />
    </div>
  );
}

function NewKey({ account }: { account: AccountView }) {
  const rotate = useAct(backend.rotateKeys, {
    stale: ["credentialHistory"],
    failed: toastError,
    done: () => {
      toast("What comes from now on is sealed under a new key");
    },
  });
  return (
    <div className="mt-4 flex items-start justify-between gap-6">
      <p className="text-ink-2">Records and tokens are sealed under a key of this account. A new one seals what comes from now on; the old one still opens what it sealed.</p>
      <Button
        command={`New key for ${account.id}`}
        busy={rotate.busy}
        onClick={() => {
          rotate.run(account.id);
        }}
      >
        New key
      </Button>
    </div>
  );
}
