import { z } from "zod";

import type { ConfigFieldView, ConnectorForm, GrantView, NewAccountInput } from "../../backend";
import { idProblem } from "../tenants/tenantIds";

/** What the page asks for; `config` and `credential` by the keys the connector gives its fields. */
export interface AccountForm {
  tenant: string;
  kind: string;
  id: string;
  environment: string;
  purpose: string;
  grant: string;
  config: Record<string, string>;
  credential: Record<string, string>;
}

function fieldRule(field: ConfigFieldView) {
  return z.string().superRefine((given, context) => {
    const value = given.trim();
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
    };
    if (value === "") {
      if (field.required) {
        refuse(`${field.label} is needed.`);
      }
      return;
    }
    if (field.kind === "url" && hostIn(value) === null) {
      refuse("An address, such as https://acme.example.com.");
    } else if (field.kind === "integer" && !/^\d+$/.test(value)) {
      refuse("Digits only.");
    } else if (field.pattern && !fits(field.pattern, value)) {
      refuse(
        field.placeholder
          ? `It does not look right: expected something like ${field.placeholder}.`
          : "It does not have the expected form.",
      );
    }
  });
}

/** The host of an address; a bare one is taken as https, as the workspace takes it. */
function hostIn(value: string): string | null {
  const address = value.includes("://") ? value : `https://${value}`;
  try {
    return new URL(address).host || null;
  } catch {
    return null;
  }
}

/** A pattern the browser cannot read is left to the workspace, which checks again. */
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true;
  }
}

/** The rules of a connector's settings alone. */
export function settingRules(form: ConnectorForm) {
  return z.object(Object.fromEntries(form.config.map((field) => [field.key, fieldRule(field)])));
}

/** The rules of a connector's form for one way to connect. */
export function accountRules(form: ConnectorForm, grant: GrantView | undefined) {
  return z.object({
    tenant: z.string().min(1, "Choose the tenant it belongs to."),
    kind: z.string(),
    id: z.string().superRefine((id, context) => {
      const problem = idProblem(id);
      if (problem) {
        context.addIssue({ code: "custom", message: problem });
      }
    }),
    environment: z.string(),
    purpose: z.string(),
    grant: z.string(),
    config: settingRules(form),
    credential: z.object(
      Object.fromEntries(
        (grant?.credential ?? []).map((part) => [
          part.key,
          part.required ? z.string().min(1, `${part.label} is needed.`) : z.string(),
        ]),
      ),
    ),
  });
}

/** What the page starts with for a connector. */
export function startingForm(
  form: ConnectorForm,
  given: { tenant: string; kind: string; draft?: Partial<AccountForm> | null },
): AccountForm {
  const { draft } = given;
  return {
    tenant: given.tenant || (draft?.tenant ?? ""),
    kind: given.kind || (draft?.kind ?? "sandbox"),
    id: draft?.id ?? "",
    environment: draft?.environment ?? "",
    purpose: draft?.purpose ?? "read",
    grant:
      form.grants.find((each) => each.grant === draft?.grant)?.grant ??
      form.grants[0]?.grant ??
      "",
    config: Object.fromEntries(
      form.config.map((field) => [
        field.key,
        draft?.config?.[field.key] ?? field.default ?? "",
      ]),
    ),
    credential: Object.fromEntries(
      form.grants.flatMap((grant) => grant.credential.map((part) => [part.key, ""])),
    ),
  };
}

/** A free id for an account: `acme-coupa`, with `-prod` on production, numbered when taken. */
export function proposedId(
  tenant: string,
  connector: string,
  kind: string,
  taken: string[],
): string {
  const base = [tenant, connector, kind === "production" ? "prod" : "test"]
    .filter(Boolean)
    .join("-");
  let id = base;
  for (let number = 2; taken.includes(id); number += 1) {
    id = `${base}-${String(number)}`;
  }
  return id;
}

/** The parts of a credential as the workspace takes them: the client apart, one secret as it is, several as an object. */
export function credentialOf(
  grant: GrantView | undefined,
  given: Record<string, string>,
): { client_id: string | null; secret: string | null } {
  const parts = grant?.credential ?? [];
  const client = parts.find((part) => part.key === "client_id");
  const rest = parts.filter((part) => part !== client && (given[part.key] ?? "") !== "");
  const only = rest[0];
  const secret =
    rest.length > 1 || (only && parts.filter((part) => part !== client).length > 1)
      ? JSON.stringify(Object.fromEntries(rest.map((part) => [part.key, given[part.key]?.trim()])))
      : only
        ? (given[only.key]?.trim() ?? null)
        : null;
  return { client_id: client ? given[client.key]?.trim() || null : null, secret };
}

/** The form as the command takes it. */
export function inputOf(
  form: ConnectorForm,
  values: AccountForm,
  scopes: string[],
  allowHosts: string[],
): NewAccountInput {
  const grant = form.grants.find((each) => each.grant === values.grant);
  return {
    id: values.id,
    tenant: values.tenant,
    connector: form.name,
    kind: values.kind,
    environment: values.environment.trim() || null,
    config: Object.fromEntries(
      Object.entries(values.config)
        .map(([key, value]): [string, string] => [key, value.trim()])
        .filter(([, value]) => value !== ""),
    ),
    ...credentialOf(grant, values.credential),
    scopes: scopes.length > 0 ? scopes.join(" ") : null,
    grant: values.grant || null,
    purpose: values.purpose,
    allow_hosts: allowHosts,
  };
}

/** The host of the first address among the settings: the one to confirm when it is not one the connector knows. */
export function hostOf(form: ConnectorForm, config: Record<string, string>): string | null {
  for (const field of form.config) {
    const value = config[field.key]?.trim() ?? "";
    if (field.kind === "host" && value) {
      return value;
    }
    if (field.kind === "url" && value && hostIn(value) !== null) {
      return hostIn(value);
    }
  }
  return null;
}
