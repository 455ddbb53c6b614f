import { useEffect, useRef } from "react";

import { useAccountPlace } from "../useAccountPlace";
import { holdInSight } from "./holdInSight";

/** Goes to the section that the address names, once it can be shown; named again, it is gone to again. */
export function useSection(account: string, ready: boolean) {
  const { get, change } = useAccountPlace(account);
  const section = get("section");
  const letGo = useRef<() => void>(undefined);
  useEffect(() => () => letGo.current?.(), []);
  useEffect(() => {
    if (!ready || section === null) {
      return;
    }
    const heading = document.getElementById(`${section}-heading`);
    if (heading) {
      heading.tabIndex = -1;
      letGo.current?.();
      letGo.current = holdInSight(heading);
      heading.focus({ preventScroll: true });
    }
    change("credentials", { section: null });
  }, [ready, section, change]);
}
