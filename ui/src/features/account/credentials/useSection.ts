import { useEffect } from "react";

import { useAccountPlace } from "../useAccountPlace";

/** Goes to the section that the address names, once it can be shown; named again, it is gone to again. */
export function useSection(account: string, ready: boolean) {
  const { get, change } = useAccountPlace(account);
  const section = get("section");
  useEffect(() => {
    if (!ready || section === null) {
      return;
    }
    const heading = document.getElementById(`${section}-heading`);
    if (heading) {
      heading.tabIndex = -1;
      heading.scrollIntoView({ block: "start" });
      heading.focus({ preventScroll: true });
    }
    change("credentials", { section: null });
  }, [ready, section, change]);
}
