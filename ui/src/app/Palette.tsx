import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Braces, Building2, Database, Plug, PlugZap, SquareTerminal } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

import { type Hit, backend } from "../backend";
import { Kbd } from "../components/Kbd";
import { ErrorState } from "../components/States";
import { Layer } from "../keyboard/Layer";
import { type Command as Offered, answerOf, useCommands } from "../keyboard/commands";
import { accountHref, tenantHref, useGo } from "./go";
import { matches } from "./match";
import { openPalette, useOverlay } from "./palette";
import { useAccounts, useTenants } from "./queries";

const SHOWN = 40;

const ICONS: Record<Hit["kind"], ReactNode> = {
  tenant: <Building2 size={14} aria-hidden />,
  account: <PlugZap size={14} aria-hidden />,
  resource: <Database size={14} aria-hidden />,
  field: <Braces size={14} aria-hidden />,
  connector: <Plug size={14} aria-hidden />,
};

/** Where a hit leads. */
export function hrefOf(hit: Hit): string {
  if (hit.account && hit.kind === "resource") {
    return accountHref(hit.account, "explore", { resource: hit.resource });
  }
  if (hit.account && hit.kind === "field") {
    return accountHref(hit.account, "mapping", { resource: hit.resource, field: hit.field });
  }
  if (hit.account) {
    return accountHref(hit.account);
  }
  return hit.connector && !hit.tenant
    ? `/connectors?open=${encodeURIComponent(hit.connector)}`
    : tenantHref(hit.tenant ?? "");
}

function Row({
  value,
  icon,
  label,
  detail,
  keys,
  onSelect,
}: {
  value: string;
  icon: ReactNode;
  label: string;
  detail?: string | undefined;
  keys?: string | undefined;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 select-none data-[selected=true]:bg-accent-soft"
    >
      <span className="text-ink-3">{icon}</span>
      <span className="truncate">{label}</span>
      {detail && <span className="truncate text-ink-3">{detail}</span>}
      {keys && (
        <span className="ml-auto">
          <Kbd keys={keys} />
        </span>
      )}
    </Command.Item>
  );
}

function useAccountHits() {
  const accounts = useAccounts();
  const tenants = useTenants();
  const names = new Map(tenants.data?.map((tenant) => [tenant.id, tenant.name]));
  const hits = (accounts.data ?? []).map<Hit>((account) => ({
    kind: "account",
    label: `${names.get(account.tenant) ?? account.tenant} / ${account.id}`,
    detail: `${account.connector} · ${account.kind}`,
    account: account.id,
    tenant: account.tenant,
    resource: null,
    field: null,
    connector: account.connector,
  }));
  return { hits, error: accounts.data ? null : accounts.error, refetch: accounts.refetch };
}

/** What the palette lists: of what is offered twice, by its id or in the same words, the last. */
function offered(commands: readonly Offered[]): Offered[] {
  const shown = new Map(commands.filter((each) => !each.hidden).map((each) => [each.id, each]));
  return [...new Map([...shown.values()].map((each) => [`${each.group}: ${each.label}`, each])).values()];
}

/** Whether a command is the one that answers its keys. */
function answers(command: Offered, commands: readonly Offered[]): boolean {
  return command.keys !== undefined && answerOf(commands.filter((each) => each.keys === command.keys)) === command;
}

function begins(label: string, text: string): boolean {
  return label.toLowerCase().startsWith(text.toLowerCase());
}

function Contents({ mode }: { mode: "all" | "accounts" }) {
  const [text, setText] = useState("");
  const go = useGo();
  const commands = useCommands();
  const accounts = useAccountHits();
  const wanted = text.trim();
  const searches = mode === "all" && wanted !== "";
  const search = useQuery({
    queryKey: ["search", wanted],
    queryFn: () => backend.search(wanted),
    enabled: searches,
    staleTime: 5000,
  });
  // The text that was answered with Enter before the search had answered it.
  const [entered, setEntered] = useState<string | null>(null);
  const answered = entered === wanted && search.data !== undefined;
  const awaited = answered ? search.data[0] : undefined;
  const close = () => {
    openPalette(null);
  };
  const open = (hit: Hit) => {
    close();
    go(hrefOf(hit));
  };
  const actions =
    mode === "all" ? offered(commands).filter((each) => matches(wanted, `${each.label} ${each.words ?? ""}`)) : [];
  // A name that is typed is looked for first: that commands name what they are done to must not do anything to it.
  const meant = actions.filter((each) => begins(each.label, wanted));
  const named = actions.filter((each) => !begins(each.label, wanted));
  const unanswered = searches && search.data === undefined && (search.isPending || search.isFetching);
  const instead = answered && !awaited ? actions[0] : undefined;
  useEffect(() => {
    if (awaited) {
      openPalette(null);
      go(hrefOf(awaited));
    } else if (instead) {
      openPalette(null);
      instead.run();
    }
  }, [awaited, instead, go]);
  const listed = (some: readonly Offered[]) =>
    some.length > 0 && (
      <Command.Group heading="Commands">
        {some.map((command) => (
          <Row
            key={command.id}
            value={`command ${command.id}`}
            icon={<SquareTerminal size={14} aria-hidden />}
            label={command.label}
            detail={command.group}
            keys={answers(command, commands) ? command.keys : undefined}
            onSelect={() => {
              close();
              command.run();
            }}
          />
        ))}
      </Command.Group>
    );
  const hits =
    mode === "accounts" || wanted === ""
      ? accounts.hits.filter((hit) => matches(wanted, `${hit.label} ${hit.detail}`))
      : (search.data ?? []);
  const asked = searches ? search : accounts;
  const again = () => void asked.refetch();
  const label = mode === "all" ? "Search or run a command" : "Jump to an account";
  return (
    <>
      <Command
        label={label}
        shouldFilter={false}
        loop
        onKeyDown={(event) => {
          // Nothing that is shown yet answers this text: what does is opened when it comes.
          if (event.key === "Enter" && unanswered && meant.length === 0) {
            setEntered(wanted);
          }
        }}
      >
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={`${label}…`}
          className="h-11 w-full border-b border-line bg-transparent px-4 text-[14px] outline-none placeholder:text-ink-3"
        />
        <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
          {!asked.error && (
            <Command.Empty className="p-4 text-center text-ink-2">
              {search.isFetching ? "Searching…" : "Nothing has that name. Try a tenant, an account, a field or a command."}
            </Command.Empty>
          )}
          {listed(meant)}
          {hits.length > 0 && (
            <Command.Group heading={wanted === "" || mode === "accounts" ? "Accounts" : "Found"}>
              {hits.slice(0, SHOWN).map((hit, index) => (
                <Row
                  key={`${hit.kind}-${String(index)}`}
                  value={`hit ${hit.kind} ${hrefOf(hit)} ${String(index)}`}
                  icon={ICONS[hit.kind]}
                  label={hit.label}
                  detail={hit.detail}
                  onSelect={() => {
                    open(hit);
                  }}
                />
              ))}
            </Command.Group>
          )}
          {/* Not before what is found, or the choice would stay on them when that comes. */}
          {!unanswered && listed(named)}
        </Command.List>
      </Command>
      {asked.error && (
        <div className="px-3 pb-3">
          <ErrorState compact error={asked.error} onRetry={again} />
        </div>
      )}
    </>
  );
}

/** Ctrl/Cmd-K and Ctrl/Cmd-P. */
export function Palette() {
  const overlay = useOverlay();
  const mode = overlay === "all" || overlay === "accounts" ? overlay : null;
  return (
    <Dialog.Root
      open={mode !== null}
      onOpenChange={(open) => {
        if (!open) {
          openPalette(null);
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/25" />
        <Dialog.Popup
          aria-label="Command palette"
          className="fixed top-[12vh] left-1/2 z-40 w-[640px] max-w-[calc(100vw-48px)] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-panel shadow-pop outline-none"
        >
          <Layer open={mode !== null}>{mode && <Contents key={mode} mode={mode} />}</Layer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
