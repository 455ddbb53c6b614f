/** What the frame and its screens are told beside what the bindings have. Times are RFC 3339, ids are slugs. */

export interface AlertView {
  id: string;
  /** Null for the workspace as a whole. */
  account: string | null;
  tenant: string | null;
  tenant_name: string | null;
  connector: string | null;
  kind: string;
  due_at: string;
  /** `upcoming`, `due`, `active`, `acknowledged`, `snoozed` or `resolved`. */
  state: string;
  title: string;
  detail: string;
  hint: string | null;
  /** What can be done about it: `renew`, `reauthorize`, `open`, `snooze`, `ack`. */
  actions: string[];
  snoozed_until: string | null;
}
