import type { ComponentType } from "react";

import { CompareScreen } from "./compare/CompareScreen";

/** One tab of an account; its place is `/accounts/ID/PATH`. */
export interface AccountTab {
  path: string;
  label: string;
  screen: ComponentType<{ account: string }>;
}

/** The tabs in their order; the first is where an account opens. */
export const accountTabs: AccountTab[] = [
  { path: "compare", label: "Compare", screen: CompareScreen },
];
