import { queryOptions } from "@tanstack/react-query";

import { type ConnectorForm, backend } from "../../backend";

/** Whether reading anything of a connector takes a scope. */
export function takesScopes(form: ConnectorForm): boolean {
  return form.resources.some((resource) => resource.scopes.length > 0);
}

/** The scope a way to connect always asks for on top, so that a sign-in lasts; null: none. */
export function refreshScopeOf(form: ConnectorForm, grant: string): string | null {
  return form.grants.find((each) => each.grant === grant)?.refresh_scope ?? null;
}

/** The question which scopes a choice takes: one for what is shown and for what is sent. */
export function scopeAdvice(
  connector: string,
  resources: string[],
  pasted: string | null,
  purpose: string,
  grant: string,
) {
  return queryOptions({
    queryKey: ["scopeAdvice", connector, resources, pasted, purpose, grant],
    queryFn: () =>
      backend.scopeAdvice(connector, resources, pasted?.trim() ? pasted : null, purpose, grant || null),
  });
}
