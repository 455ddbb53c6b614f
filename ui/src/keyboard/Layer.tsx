import { type ReactNode, useMemo } from "react";

import { LayerContext, useLayer } from "./commands";

/** What is drawn over the screen: while it is open, keys reach only the commands offered inside it. */
export function Layer({ open, children }: { open: boolean; children: ReactNode }) {
  const { id, depth } = useLayer(open);
  const place = useMemo(() => ({ id, depth }), [id, depth]);
  return <LayerContext.Provider value={place}>{children}</LayerContext.Provider>;
}
