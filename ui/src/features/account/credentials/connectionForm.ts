import type { AccountView, ConnectorForm } from "../../../backend";
import { settingRules } from "../../connect/accountForm";

/** The settings as they are, by the connector's fields; empty where there is none. */
export function settingsOf(form: ConnectorForm, account: AccountView): Record<string, string> {
  return Object.fromEntries(
    form.config.map((field) => [field.key, account.config[field.key] ?? field.default ?? ""]),
  );
}

/** What is wrong with settings, by field. */
export function problemsOf(form: ConnectorForm, values: Record<string, string>): Record<string, string> {
  const checked = settingRules(form).safeParse(values);
  return checked.success
    ? {}
    : Object.fromEntries(checked.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
}

/** A setting that changes. */
export interface SettingChange {
  key: string;
  label: string;
  before: string;
  after: string;
}

/** What differs from the account as it is. */
export function changesOf(
  form: ConnectorForm,
  account: AccountView,
  values: Record<string, string>,
): SettingChange[] {
  const now = settingsOf(form, account);
  return form.config.flatMap(({ key, label }) => {
    const before = now[key] ?? "";
    const after = (values[key] ?? "").trim();
    return before === after ? [] : [{ key, label, before, after }];
  });
}

/** Whether two lists hold the same scopes, in whatever order. */
export function sameScopes(one: readonly string[], other: readonly string[]): boolean {
  const left = new Set(one);
  const right = new Set(other);
  return left.size === right.size && [...left].every((scope) => right.has(scope));
}

/** How the scope picker starts for an account. */
export interface Picked {
  resources: string[];
  /** The account's own list, where it is not just what the ticked resources take; else null. */
  pasted: string | null;
}

/** The resources whose scopes an account all asks for; `refresh` is asked for whatever is ticked. */
export function pickedOf(form: ConnectorForm, asked: readonly string[], refresh: string | null): Picked {
  const scopes = asked.filter((scope) => scope !== refresh);
  const ticked = form.resources.filter((resource) => resource.scopes.every((scope) => scopes.includes(scope)));
  const taken = ticked.flatMap((resource) => resource.scopes);
  return {
    resources: ticked.map((resource) => resource.key),
    pasted: sameScopes(taken, scopes) ? null : asked.join(" "),
  };
}
