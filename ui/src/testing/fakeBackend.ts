import { type AccountInput, type Backend, BackendError, type QuietView, type QuietWindowView, replaceBackend, type TenantDetail } from "../backend";
import { eventBus, fakeAccount } from "../features/account/testing/fakeAccount";
import { custodyCommands } from "./custodyCommands";
import { runsOf } from "./runs";
import { type World, emptyWorld, fullWorld, largeWorld } from "./world";

function missing(what: string): BackendError {
  return new BackendError({
    code: "not_found",
    message: `There is no ${what}.`,
    hint: "Look at the overview.",
  });
}

type Frame = Partial<Backend>;

const LEADS: Record<string, string> = {
  request: "request",
  credentials: "credentials",
  connected: "credentials",
  scopes: "credentials",
  test_sync: "sync",
  mapping: "compare",
  alerts: "settings",
  handover: "report",
};

/** What a tenant's page shows of a made-up tenant. */
function tenantOf(world: World, id: string): TenantDetail {
  const tenant = world.tenants.find((each) => each.id === id);
  if (!tenant) {
    throw missing(`tenant ${id}`);
  }
  const accounts = world.rows.filter((row) => row.tenant === id);
  const connected = accounts.some((row) => row.status === "active");
  const step = (name: string, label: string, done: boolean, detail: string) => ({
    step: name,
    label,
    done,
    detail,
    account: accounts[0]?.id ?? null,
    leads_to: done ? null : (LEADS[name] ?? null),
    by_hand: name === "handover",
  });
  return {
    ...tenant,
    contacts: id === "northwind-traders" ? "Dana Field, dana@northwind.example" : "",
    notes: "",
    accounts,
    checklist: [
      step("request", "Request sent", accounts.length > 0, "The message for the administrator was copied."),
      step("credentials", "Credentials received", connected, "A client and its secret are in the vault."),
      step("connected", "Connected", connected, "The last connection test passed."),
      step("scopes", "Scopes least-privilege", connected, "Nothing is granted that is not needed."),
      step("test_sync", "Test sync clean", false, "3 records of the last test sync failed."),
      step("mapping", "Mapping reviewed", false, "2 custom fields are read by nothing."),
      step("alerts", "Alerts on", false, "Notifications are off."),
      step("handover", "Handed over", false, "Mark it when the customer's team has it."),
    ],
  };
}

/** Commands over a made-up workspace that remembers what is changed in it. */
export function fakeBackend(world: World, uiState: string | null = null): Frame {
  let call: string | null = null;
  let memory = uiState;
  const removed = new Map<string, World["tenants"][number]>();
  const quiets = new Map<string, QuietWindowView[]>();
  const quietOf = (tenant: string): QuietView => ({ tenant, windows: quiets.get(tenant) ?? [], now: null, zone: "Europe/Berlin" });
  const changed = new Map<string, Pick<AccountInput, "config"> & { scopes: string[] }>();
  const seen = <T extends { tenant: string | null }>(list: T[]) =>
    list.filter((each) => call === null || each.tenant === call);
  const seenTenants = () => world.tenants.filter((each) => call === null || each.id === call);
  const rowOf = (id: string) => {
    const row = seen(world.rows).find((each) => each.id === id);
    if (!row) {
      throw missing(call === null ? `account ${id}` : "such account");
    }
    return row;
  };
  const viewOf = (id: string) => {
    const row = rowOf(id);
    const kept = changed.get(id);
    const scopes = kept?.scopes ?? ["core.invoice.read"];
    return {
      id,
      tenant: row.tenant,
      connector: row.connector,
      kind: row.kind,
      environment: row.environment,
      status: row.status,
      scopes,
      scopes_granted: scopes,
      grant: "client_credentials",
      purpose: "read",
      client_id: "5f2c",
      config: kept?.config ?? { instance_url: `https://${row.tenant}.example` },
      approved_hosts: [],
      token: row.token,
      refresh_token: row.refresh_token,
      health: {
        healthy: row.healthy,
        failed_runs: row.healthy ? 0 : 3,
        last_success_at: null,
        last_error: row.healthy ? null : { code: "server_error", message: "The provider failed with status 503, again and again.", hint: "Try again later; if it stays, report it to the provider.", at: row.last_run?.ended_at ?? null },
        last_forbidden: null,
      },
      notes: [],
    };
  };
  const fake = {
    ...custodyCommands(world),
    workspaceInfo: () => ({
      folder: "/home/me/crosswalk",
      version: "0.1.0",
      vault: "keyring",
      empty: world.tenants.length === 0,
    }),
    callMode: () => call,
    enterCall: (tenant: string) => {
      call = tenant;
      return null;
    },
    leaveCall: () => {
      call = null;
      return null;
    },
    firstPlace: () => null,
    notificationsUnavailable: () => null,
    uiState: () => memory,
    saveUiState: (json: string) => {
      memory = json;
      return null;
    },
    search: (text: string) =>
      seenTenants()
        .filter((each) => each.name.toLowerCase().includes(text.toLowerCase()))
        .map((each) => ({
          kind: "tenant",
          label: each.name,
          detail: each.region ?? "",
          account: null,
          tenant: each.id,
          resource: null,
          field: null,
          connector: null,
        })),
    openExternal: () => null,
    listTenants: seenTenants,
    listAccounts: () =>
      seen(world.rows).map(({ id, tenant, connector, kind, environment, status }) => ({
        id,
        tenant,
        connector,
        kind,
        environment,
        status,
      })),
    overview: () => seen(world.rows),
    overviewTotals: () => ({
      need_someone: seen(world.rows).filter((row) => row.status === "needs_reauth" || !row.healthy).length,
      tokens_past_threshold: 1,
      refresh_due_soon: 3,
      records_today: 48_120,
    }),
    tenant: (id: string) => {
      if (call !== null && call !== id) {
        throw missing("such tenant");
      }
      return tenantOf(world, id);
    },
    addTenant: (id: string, name: string, region: string | null) => {
      if (world.tenants.some((each) => each.id === id)) {
        throw new BackendError({
          code: "already_exists",
          message: `There is already a tenant ${id}.`,
          hint: "Choose another id.",
        });
      }
      const tenant = { id, name, region };
      world.tenants.push(tenant);
      return tenant;
    },
    updateTenant: (id: string, change: Record<string, string>) => ({ ...tenantOf(world, id), ...change }),
    removeTenant: (id: string) => {
      if (world.rows.some((row) => row.tenant === id)) {
        throw new BackendError({
          code: "has_dependents",
          message: `Tenant ${id} still has accounts.`,
          hint: "Remove each with its records and secrets first.",
        });
      }
      const tenant = world.tenants.find((each) => each.id === id);
      if (tenant) {
        removed.set(id, tenant);
        world.tenants = world.tenants.filter((each) => each.id !== id);
      }
      return null;
    },
    restoreTenant: (id: string) => {
      const tenant = removed.get(id);
      if (tenant) {
        world.tenants.push(tenant);
      }
      return null;
    },
    markStep: () => null,
    tenantReport: (id: string) => `<!doctype html><title>${id}</title><h1>${id}</h1>`,
    listConnectors: () => world.connectors,
    connector: (name: string) => {
      const form = world.forms.find((each) => each.name === name);
      if (!form) {
        throw missing(`connector ${name}`);
      }
      return form;
    },
    scopeAdvice: (connector: string, resources: string[], pasted: string | null, _purpose: string, grant: string | null) => {
      const form = world.forms.find((each) => each.name === connector);
      const words = (pasted ?? "").split(/[\s,;]+/).filter(Boolean);
      const refresh = form?.grants.find((each) => each.grant === grant)?.refresh_scope ?? [];
      const always = words.length > 0 || resources.length > 0 ? [refresh].flat() : [];
      const needed = resources
        .flatMap((key) => form?.resources.find((each) => each.key === key)?.scope ?? [])
        .concat(always);
      const meant = words.map((word) => word.replace("invoices", "invoice"));
      const known = new Set(form?.resources.flatMap((each) => each.scope ?? []).concat(always));
      const listed = meant.filter((word) => known.has(word)).concat(always);
      return {
        scopes: [...new Set(words.length > 0 ? listed : needed)],
        corrected: words
          .filter((word) => word.includes("invoices"))
          .map((word) => ({
            given: word,
            meant: word.replace("invoices", "invoice"),
            hint: "The name is singular.",
          })),
        unknown: meant.filter((word) => !known.has(word)),
        excess: meant.filter((word) => known.has(word) && !needed.includes(word)),
        missing: words.length > 0 ? needed.filter((scope) => !meant.includes(scope)) : [],
      };
    },
    adminMessage: () => "Please create an OAuth2 client…",
    adminMessageDraft: (
      connector: string,
      _grant: string | null,
      scopes: string[],
      _config: Record<string, string>,
      tenant: string | null,
    ) =>
      `API access for ${world.tenants.find((each) => each.id === tenant)?.name ?? "<tenant>"}\n\nHello,\n\nPlease create an OAuth2/OpenID Connect client for us in ${connector} with the grant type Client credentials and these scopes:\n\n${scopes.map((scope) => `  ${scope}`).join("\n")}\n\nThen send us the Identifier, and the Secret by a safe way.\n`,
    addAccount: (input: { id: string; tenant: string; connector: string; kind: string }) => {
      const like = world.rows[0];
      if (like) {
        world.rows.push({ ...like, ...input, status: "awaiting_credentials" });
      }
      return viewOf(input.id);
    },
    updateAccount: (id: string, { config, scopes }: AccountInput) => {
      const view = viewOf(id);
      changed.set(id, { config: { ...view.config, ...config }, scopes: scopes?.split(" ") ?? view.scopes });
      return viewOf(id);
    },
    removeAccount: (id: string) => {
      const view = viewOf(id);
      world.rows = world.rows.filter((row) => row.id !== id);
      return view;
    },
    account: viewOf,
    connect: (
      _account: string,
      onStep: (step: {
        name: string;
        ok: boolean;
        ms: number;
        message: string;
        state: "running" | "done";
      }) => void,
    ) => {
      const steps = [
        { name: "token", ok: true, ms: 412, message: "Got an access token for 24 h." },
        { name: "settle", ok: true, ms: 5000, message: "Waited 5 s before the first use." },
        { name: "invoices", ok: true, ms: 188, message: "Read one invoice." },
      ];
      for (const step of steps) {
        onStep({ ...step, state: "done" });
      }
      return { status: "active", steps, missing_scopes: [] };
    },
    renewToken: viewOf,
    approveConnector: () => null,
    alerts: () => seen(world.alerts),
    ackAlert: () => null,
    snoozeAlert: () => null,
    testNotification: () => ({ delivered: true, server: "dunst", message: "Shown by dunst.", hint: null }),
    settings: () => world.settings,
    setSetting: (key: string, value: string | null) => {
      world.settings = world.settings.map((each) => (each.key === key ? { ...each, value } : each));
      return null;
    },
    doctor: () => [
      { name: "vault", state: "ok", message: "The key ring opens the vault.", hint: null },
      { name: "clock", state: "warning", message: "The clock could not be compared.", hint: "Check the network." },
    ],
    diagnosticsBundle: () => ({ path: "/home/me/crosswalk/diagnostics.zip" }),
    createBackup: () => ({ name: "2026-11-21", created_at: new Date(0).toISOString(), bytes: 4_200_000, reason: "manual" }),
    backups: () => [
      { name: "2026-11-20-manual", created_at: "2026-11-20T09:00:00Z", bytes: 4_200_000, reason: "manual" },
    ],
    autostart: () => false,
    setAutostart: () => null,
    closeChoice: () => "ask",
    setCloseChoice: () => null,
    hideWindow: () => null,
    quit: () => null,
    demoSandbox: () => null,
    startDemoSandbox: () => {
      const full = fullWorld(Date.now());
      world.tenants = full.tenants.slice(0, 3);
      // One read that passes makes an account active, the broken one too.
      world.rows = full.rows
        .filter((row) => world.tenants.some((each) => each.id === row.tenant))
        .map((row) => ({ ...row, status: "active", healthy: true }));
      return {
        tenants: world.tenants.map((each) => each.id),
        accounts: world.rows.map((row) => row.id),
        broken: world.rows.at(-1)?.id ?? null,
      };
    },
    runs: () => runsOf(seen(world.rows), Date.now()),
    quiet: quietOf,
    setQuiet: (tenant: string, windows: QuietWindowView[]) => {
      quiets.set(tenant, windows);
      return quietOf(tenant);
    },
  };
  // Every command answers later, as over the wire, and with its own copy of what it answers.
  return Object.fromEntries(
    Object.entries(fake as unknown as Record<string, (...args: unknown[]) => unknown>).map(
      ([name, command]) => [
        name,
        async (...args: unknown[]) => {
          await Promise.resolve();
          return structuredClone(command(...args) ?? null);
        },
      ],
    ),
  ) as Frame;
}

const WORLDS: Record<string, (now: number) => World> = {
  full: fullWorld,
  empty: emptyWorld,
  large: (now) => largeWorld(now, 500),
};

/** Puts a made-up workspace behind the window: `full`, `empty` or `large`. */
export function installFakeBackend(name: string) {
  const bus = eventBus();
  replaceBackend(
    { ...fakeBackend((WORLDS[name] ?? fullWorld)(Date.now())), ...fakeAccount(bus.emit) },
    bus.listen,
  );
}
