import { useQueryClient } from "@tanstack/react-query";

import { backend } from "../backend";
import { clearToasts } from "../components/Toasts";
import { tenantHref, useGo } from "./go";
import { flushPlace, regainPlace } from "./place";

/**
 * Starts and ends a customer call. Whatever the window had read before is dropped, so that nothing of another tenant stays;
 * the place it was at gives way, so that the way back from the call's first screen does not lead there. What is typed is
 * saved on either side of it: in between the shell keeps only what is about the call's tenant.
 */
export function useCallSwitch() {
  const client = useQueryClient();
  const go = useGo();
  return {
    enter: async (tenant: string) => {
      await flushPlace();
      await backend.enterCall(tenant);
      clearToasts();
      go(tenantHref(tenant), { replace: true });
      await client.resetQueries();
    },
    leave: async () => {
      await flushPlace();
      await backend.leaveCall();
      await regainPlace();
      await client.resetQueries();
    },
  };
}
