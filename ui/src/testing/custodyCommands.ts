import type { Backend, CredentialView, DeviceView, LockState, RetentionView } from "../backend";
import type { World } from "./world";

const HEAD = { seq: 48_211, hash: "9f2c41d0b7a85e6633f1c0d94e7a2b18c5d6e7f8091a2b3c4d5e6f708192a3b4" };

/** What somebody who looks after credentials, the audit and the lock asks the shell, over a made-up workspace. */
export function custodyCommands(world: World) {
  const lock: LockState = { locked: false, minutes: 15, by: "word" };
  const forgotten = new Map<string, string>();
  const retentions = new Map<string, string>();
  let custody: string | null = null;
  const file = (name: string, region: string | null = null) => ({
    path: `/home/me/crosswalk/exports/${name}`,
    bytes: 48_000,
    head: HEAD,
    region,
  });
  const credentials = (account: string): CredentialView => {
    const row = world.rows.find((each) => each.id === account);
    const at = forgotten.get(account) ?? null;
    return {
      account,
      grant: "client_credentials",
      purpose: "read",
      client_id: "5f2c",
      token: at === null ? (row?.token ?? null) : null,
      refresh_token: row?.refresh_token ?? null,
      secret_set_at: at === null ? "2026-06-02T09:00:00Z" : null,
      scopes: [
        { scope: "core.invoice.read", asked: true, granted: true, needed: true, used_at: "2026-11-21T11:00:00Z", opens: "Invoices" },
        { scope: "core.supplier.read", asked: true, granted: true, needed: false, used_at: null, opens: "Suppliers" },
      ],
      excess: ["core.supplier.read"],
      scopes_observed_since: "2026-08-23T11:00:00Z",
      can_revoke: false,
      admin_message: "Please take these scopes from the client 5f2c:\n\ncore.supplier.read",
      forgotten_at: at,
      valid_until: at === null ? null : "2026-11-22T14:05:00Z",
      forgotten_message:
        at === null
          ? null
          : "Forgotten here; the last token is valid at the provider until 2026-11-22 14:05 UTC, since the provider offers no way to end it, or until the administrator deactivates the client 5f2c.",
      forgotten_letter: at === null ? null : "Please deactivate the client 5f2c.",
      sign_in: [],
      connector_change: null,
    };
  };
  const retention = (account: string, wanted: string | null): RetentionView => {
    const kept = wanted ?? retentions.get(account) ?? "default";
    const days = kept === "default" ? 30 : kept === "none" ? 0 : Number(kept);
    return { account, retention: kept, days, due: wanted !== null && days < 10 ? 120 : 0, oldest_ends_at: "2026-12-20T09:00:00Z", log_due: false };
  };
  return {
    credentials,
    credentialHistory: (_account: string, limit: number) =>
      [
        { at: "2026-11-21T11:00:00Z", kind: "token:obtained", actor: "ann", message: null },
        { at: "2026-06-02T09:00:00Z", kind: "credential:stored", actor: "ann", message: null },
      ].slice(0, limit),
    rotateSecret: (id: string) => ({ id }),
    rotateKeys: (id: string) => ({ id }),
    revokeAccount: (account: string) => {
      forgotten.set(account, "2026-11-21T12:00:00Z");
      const now = credentials(account);
      return {
        account,
        status: "awaiting_credentials",
        revoked: false,
        valid_until: now.valid_until,
        message: now.forgotten_message,
        admin_message: now.forgotten_letter,
      };
    },
    beginSignIn: () => ({ url: "https://login.example/authorize", redirect_uri: "http://127.0.0.1:4711/callback", listening: true, seconds_left: 600 }),
    awaitSignIn: () => ({ status: "active", steps: [], missing_scopes: [] }),
    cancelSignIn: () => null,
    signInOnDevice: (_account: string, onCode: (device: DeviceView) => void) => {
      onCode({ user_code: "WDJB-MJHT", verification_uri: "https://login.example/device", seconds_left: 600 });
      return { status: "active", steps: [], missing_scopes: [] };
    },
    pasteRedirect: () => null,
    retention,
    setRetention: (account: string, wanted: string) => {
      retentions.set(account, wanted);
      return retention(account, null);
    },
    verifyAudit: () => ({ ok: true, rows: HEAD.seq, anchored_seq: HEAD.seq, broken_at: null, fault: null, head: HEAD, compared: null, notes: [] }),
    exportAudit: (_filter: unknown, format: string) => file(`audit-20261121-120000-head-48211-9f2c41d0b7a8.${format}`),
    exportCustody: () => {
      custody = "2026-11-21T12:00:00Z";
      return file("custody-20261121-120000.txt");
    },
    custodyWrittenAt: () => custody,
    securityReport: (id: string) => `<!doctype html><title>${id}</title><h1>Security of the connection to ${id}</h1>`,
    exportSecurityReport: (id: string) => file(`security-${id}-20261121-120000.html`, "EU"),
    incidents: () => [
      {
        id: "machine_lost",
        title: "The machine is lost or stolen",
        of_tenant: false,
        tenant: null,
        started_at: null,
        steps: [
          { id: "list", text: "Take the custody list that is kept away from the machine.", done: false, by_hand: true, evidence: null },
          { id: "forget", text: "Revoke and forget every account.", done: false, by_hand: false, evidence: null },
        ],
      },
    ],
    beginIncident: () => null,
    tickIncident: () => null,
    endIncident: () => null,
    lockState: () => lock,
    touch: () => null,
    lockWindow: () => {
      lock.locked = true;
      return lock;
    },
    unlockWindow: () => {
      lock.locked = false;
      return lock;
    },
  } satisfies Partial<Record<keyof Backend, unknown>>;
}
