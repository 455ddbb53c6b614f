import { useQuery } from "@tanstack/react-query";

import { backend } from "../../backend";

/** What the account screens share. A query's key is the name of its command and its arguments. */

export function useAccount(account: string) {
  return useQuery({ queryKey: ["account", account], queryFn: () => backend.account(account) });
}

export function useResources(account: string) {
  return useQuery({ queryKey: ["resources", account], queryFn: () => backend.resources(account) });
}

export function useMappingTable(account: string, model: string | null, resource: string) {
  return useQuery({
    queryKey: ["mappingTable", account, model, resource],
    queryFn: () => backend.mappingTable(account, model ?? "", resource),
    enabled: model !== null,
  });
}
