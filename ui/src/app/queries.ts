import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";

import { backend } from "../backend";

/** What more than one screen asks the workspace for. A query's key is the name of its command and its arguments. */

const WORKSPACE = queryOptions({ queryKey: ["workspaceInfo"], queryFn: () => backend.workspaceInfo() });
const ACCOUNTS = queryOptions({ queryKey: ["listAccounts"], queryFn: () => backend.listAccounts() });
const TENANTS = queryOptions({ queryKey: ["listTenants"], queryFn: () => backend.listTenants() });
const OVERVIEW = queryOptions({ queryKey: ["overview"], queryFn: () => backend.overview() });

/** Asks for what the first screen shows before it is drawn, so that both are done at once. A failure shows where it is asked again. */
export function askAhead(client: QueryClient) {
  void client.prefetchQuery(OVERVIEW);
  void client.prefetchQuery(TENANTS);
  void client.prefetchQuery(ACCOUNTS);
  void client.prefetchQuery(WORKSPACE);
}

export function useWorkspace() {
  return useQuery(WORKSPACE);
}

export function useAccounts() {
  return useQuery(ACCOUNTS);
}

export function useTenants() {
  return useQuery(TENANTS);
}

export function useOverview() {
  return useQuery(OVERVIEW);
}

/** The tenant of the running customer call, or null. */
export function useCall() {
  return useQuery({ queryKey: ["callMode"], queryFn: () => backend.callMode() });
}

/** What was resolved longer ago than this is not listed. */
const RESOLVED_DAYS = 7;

/** What is wrong, due or to come, and what was resolved lately. */
export function useAlerts() {
  return useQuery({
    queryKey: ["alerts"],
    queryFn: () => backend.alerts({ until: null, resolved_days: RESOLVED_DAYS }),
  });
}

/** Where the shell's word that nobody shows notifications here is kept until the window is closed. */
export const NOTIFICATIONS_UNAVAILABLE = ["notificationsUnavailable"];

/** Why native notifications cannot be shown; null while nothing speaks against it. */
export function useNotificationsUnavailable(): string | null {
  const told = useQuery<string | null>({
    queryKey: NOTIFICATIONS_UNAVAILABLE,
    queryFn: () => backend.notificationsUnavailable(),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return told.data ?? null;
}
