import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useState } from "react";

import { Screen } from "../../app/Screen";
import { useGo } from "../../app/go";
import { useStored } from "../../app/place";
import { useCall } from "../../app/queries";
import { backend } from "../../backend";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Select } from "../../components/Select";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { ConnectForm } from "./ConnectForm";

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Where a form's draft is kept. A customer call has drafts of its own: others may name another tenant. */
function draftKey(connector: string, call: string | null): string {
  return call ? `draft:connect:${connector}:${call}` : `draft:connect:${connector}`;
}

/** Connecting an account, on one page: what it is, what to ask for, the credential, and each step live. */
export function Connect() {
  const go = useGo();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const [last, setLast] = useStored("connect:connector", "");
  const [round, setRound] = useState(0);
  const cards = useQuery({ queryKey: ["listConnectors"], queryFn: () => backend.listConnectors() });
  const call = useCall();
  const known = cards.data?.map((card) => card.name) ?? [];
  const wanted = [text(search["connector"]), last].find((name) => known.includes(name));
  const name = wanted ?? cards.data?.[0]?.name ?? null;
  const form = useQuery({
    queryKey: ["connector", name],
    queryFn: () => backend.connector(name ?? ""),
    enabled: name !== null,
  });
  const error = cards.error ?? form.error;
  const choose = (connector: string) => {
    setLast(connector);
    const query = new URLSearchParams({ connector });
    for (const key of ["tenant", "kind"]) {
      if (text(search[key])) {
        query.set(key, text(search[key]));
      }
    }
    go(`/connect?${query.toString()}`, { replace: true });
  };
  return (
    <Screen title="Connect an account">
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void cards.refetch();
            void form.refetch();
          }}
        />
      ) : cards.data?.length === 0 ? (
        <EmptyState
          icon={<Plug size={28} strokeWidth={1.6} aria-hidden />}
          title="There is no connector"
          action={
            <Button
              command="Open the catalogue"
              onClick={() => {
                go("/connectors");
              }}
            >
              Open the catalogue
            </Button>
          }
        >
          Put a connector&apos;s folder into the workspace&apos;s connectors folder.
        </EmptyState>
      ) : !form.data || call.data === undefined ? (
        <Skeleton lines={8} className="p-6" />
      ) : (
        <ConnectForm
          key={`${form.data.name} ${call.data ?? ""} ${String(round)}`}
          form={form.data}
          given={{ tenant: call.data ?? text(search["tenant"]), kind: text(search["kind"]) }}
          draftKey={draftKey(form.data.name, call.data)}
          onAnother={() => {
            setRound(round + 1);
          }}
          picker={
            <Field label="Connector">
              {(control) => (
                <Select
                  {...control}
                  value={name}
                  options={(cards.data ?? []).map((card) => ({
                    value: card.name,
                    label: card.label,
                    detail: card.category,
                  }))}
                  onChange={choose}
                  className="w-full"
                />
              )}
            </Field>
          }
        />
      )}
    </Screen>
  );
}
