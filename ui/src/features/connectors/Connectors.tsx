import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { ExternalLink, Plug } from "lucide-react";
import { useState } from "react";

import { Screen } from "../../app/Screen";
import { useAct } from "../../app/act";
import { useGo } from "../../app/go";
import { matches } from "../../app/match";
import { type ConnectorCard, backend } from "../../backend";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/Dialog";
import { Input } from "../../components/Field";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { toast, toastError } from "../../components/Toasts";
import { counted } from "../../components/formats";
import { grantName } from "../connect/grants";
import { byCategory } from "./categories";

// Cards are heavier than rows; the window stays light with these many and a search finds the rest.
const SHOWN = 24;

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** Names of a long list that a card shows before it is asked for all. */
const FIRST = 8;

/** Names in a row; of many only the first, until one asks for the rest. */
function Names({ names, of }: { names: string[]; of: string }) {
  const [all, setAll] = useState(false);
  const cut = !all && names.length > FIRST + 2;
  return (
    <>
      {(cut ? names.slice(0, FIRST) : names).join(", ")}
      {cut && (
        <>
          {" "}
          <button
            type="button"
            aria-label={`and ${String(names.length - FIRST)} more ${of}`}
            className="text-accent hover:underline"
            onClick={() => {
              setAll(true);
            }}
          >
            and {names.length - FIRST} more
          </button>
        </>
      )}
    </>
  );
}

function Approve({ card, onClose }: { card: ConnectorCard; onClose: () => void }) {
  const approve = useAct(backend.approveConnector, {
    stale: ["listConnectors", "connector"],
    // Asked again in the dialog, or not at all.
    failed: (error) => toastError(error),
    done: () => {
      onClose();
      toast(`${card.label} is approved`);
    },
  });
  return (
    <ConfirmDialog
      open
      danger={false}
      onClose={onClose}
      onConfirm={() => {
        approve.run(card.name);
      }}
      busy={approve.busy}
      title={`Approve ${card.label}?`}
      confirmLabel="Approve"
      consequence="This definition comes from the workspace folder. Once approved, its accounts send their secrets to the hosts it names. Approve it when you know who wrote it."
    />
  );
}

function Card({ card }: { card: ConnectorCard }) {
  const go = useGo();
  const [approving, setApproving] = useState(false);
  const open = useAct(backend.openExternal, { failed: toastError });
  const { docs } = card;
  return (
    <article className="flex flex-col rounded-lg border border-line bg-panel p-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="truncate text-[15px] font-semibold">{card.label}</h3>
          <p className="text-[12px] text-ink-3">
            {card.name} {card.version}
            {card.origin !== "built-in" && ` · from the ${card.origin}`}
          </p>
        </div>
        {card.approved ? (
          <Badge tone={card.accounts > 0 ? "ok" : "quiet"}>
            {card.accounts > 0 ? counted(card.accounts, "account") : "not used yet"}
          </Badge>
        ) : (
          <Badge tone="warn">to be approved</Badge>
        )}
      </div>
      <dl className="mt-3 mb-4 grid grid-cols-[80px_1fr] gap-x-2 gap-y-1 text-[12px]/[18px]">
        <Fact label="Syncs">
          <Names names={card.syncs} of={`resources of ${card.label}`} />
        </Fact>
        <Fact label="Models">
          {card.models.length > 0 ? (
            <Names
              // The heading above the cards says the category already.
              names={card.models.map((model) => model.replace(`${card.category}/`, ""))}
              of={`models of ${card.label}`}
            />
          ) : (
            "none: raw records only"
          )}
        </Fact>
        <Fact label="Connects by">{card.auth_kinds.map(grantName).join(", ")}</Fact>
        <Fact label="Pages">{card.paging}</Fact>
        <Fact label="Limit">{card.limit}</Fact>
      </dl>
      <div className="mt-auto flex gap-2">
        {card.approved ? (
          <Button
            icon={<Plug size={14} aria-hidden />}
            aria-label={`Connect ${card.label}`}
            command={`Connect ${card.label}`}
            onClick={() => {
              go(`/connect?connector=${encodeURIComponent(card.name)}`);
            }}
          >
            Connect
          </Button>
        ) : (
          <Button
            aria-label={`Approve ${card.label}`}
            command={`Approve ${card.label}`}
            onClick={() => {
              setApproving(true);
            }}
          >
            Approve…
          </Button>
        )}
        {docs && (
          <Button
            tone="ghost"
            icon={<ExternalLink size={14} aria-hidden />}
            aria-label={`Documentation of ${card.label}`}
            command={`Documentation of ${card.label}`}
            onClick={() => {
              open.run(docs);
            }}
          >
            Documentation
          </Button>
        )}
      </div>
      {approving && (
        <Approve
          card={card}
          onClose={() => {
            setApproving(false);
          }}
        />
      )}
    </article>
  );
}

/** The catalogue: what can be connected, by category. */
export function Connectors() {
  const { open }: { open?: unknown } = useSearch({ strict: false });
  const [typed, setTyped] = useState<{ for: unknown; text: string } | null>(null);
  const [all, setAll] = useState(false);
  const cards = useQuery({
    queryKey: ["listConnectors"],
    queryFn: () => backend.listConnectors(),
  });
  // A link to one connector looks for it until something else is typed.
  const filter = typed && typed.for === open ? typed.text : typeof open === "string" ? open : "";
  const found = (cards.data ?? []).filter((card) =>
    matches(
      filter,
      `${card.label} ${card.name} ${card.category} ${card.models.join(" ")} ${card.syncs.join(" ")}`,
    ),
  );
  const shown = all ? found : found.slice(0, SHOWN);
  return (
    <Screen title="Connectors">
      {cards.error ? (
        <ErrorState error={cards.error} onRetry={() => void cards.refetch()} />
      ) : !cards.data ? (
        <Skeleton lines={8} className="p-6" />
      ) : (
        <div className="flex flex-col gap-5 px-5 pt-4 pb-16">
          <Input
            aria-label="Find a connector"
            placeholder="Find by name, model or what it syncs"
            value={filter}
            autoFocus
            onChange={(event) => {
              setTyped({ for: open, text: event.target.value });
            }}
            className="max-w-80"
          />
          {byCategory(shown).map(({ category, cards: own }) => (
            <section key={category} aria-label={category}>
              <h2 className="mb-2 text-title font-semibold first-letter:uppercase">{category}</h2>
              <div className="grid grid-cols-[repeat(auto-fill,minmax(330px,1fr))] gap-3">
                {own.map((card) => (
                  <Card key={card.name} card={card} />
                ))}
              </div>
            </section>
          ))}
          {found.length > shown.length && (
            <Button
              className="self-start"
              command="Show all connectors"
              onClick={() => {
                setAll(true);
              }}
            >
              Show {found.length - shown.length} more
            </Button>
          )}
          {found.length === 0 && (
            <EmptyState
              icon={<Plug size={28} strokeWidth={1.6} aria-hidden />}
              title="No connector has that name"
              action={
                <Button
                  command="Show all connectors"
                  onClick={() => {
                    setTyped({ for: open, text: "" });
                  }}
                >
                  Show all connectors
                </Button>
              }
            >
              A connector is a folder of data. Put one of your own in the workspace&apos;s
              connectors folder and it appears here.
            </EmptyState>
          )}
        </div>
      )}
    </Screen>
  );
}
