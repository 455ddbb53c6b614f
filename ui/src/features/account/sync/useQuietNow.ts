import { useQuery } from "@tanstack/react-query";

import { backend } from "../../../backend";

/** How long what was read holds: windows begin and end on the minute. */
const LOOK_EVERY_MS = 60_000;

/** Whether an account's customer wants quiet now. */
export function useQuietNow(account: string) {
  return useQuery({
    queryKey: ["quietNow", account],
    queryFn: () => backend.quietNow(account),
    refetchInterval: LOOK_EVERY_MS,
  });
}
