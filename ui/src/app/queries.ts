import { useQuery } from "@tanstack/react-query";

import { backend } from "../backend";

/** What more than one screen asks the workspace for. A query's key is the name of its command and its arguments. */

export function useWorkspace() {
  return useQuery({ queryKey: ["workspaceInfo"], queryFn: () => backend.workspaceInfo() });
}

export function useAccounts() {
  return useQuery({ queryKey: ["listAccounts"], queryFn: () => backend.listAccounts() });
}

export function useTenants() {
  return useQuery({ queryKey: ["listTenants"], queryFn: () => backend.listTenants() });
}

export function useOverview() {
  return useQuery({ queryKey: ["overview"], queryFn: () => backend.overview() });
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
    queryFn: () => null,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return told.data ?? null;
}
