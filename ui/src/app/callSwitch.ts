import { useQueryClient } from "@tanstack/react-query";

import { backend } from "../backend";
import { clearToasts } from "../components/Toasts";
import { tenantHref, useGo } from "./go";

/** Starts and ends a customer call. Whatever the window had read before is dropped, so that nothing of another tenant stays. */
export function useCallSwitch() {
  const client = useQueryClient();
  const go = useGo();
  return {
    enter: async (tenant: string) => {
      await backend.enterCall(tenant);
      clearToasts();
      go(tenantHref(tenant));
      await client.resetQueries();
    },
    leave: async () => {
      await backend.leaveCall();
      await client.resetQueries();
    },
  };
}
