import type { ComponentType } from "react";

import { CallsScreen } from "./calls/CallsScreen";
import { CompareScreen } from "./compare/CompareScreen";
import { CredentialsScreen } from "./credentials/CredentialsScreen";
import { ExploreScreen } from "./explore/ExploreScreen";
import { MappingScreen } from "./mapping/MappingScreen";
import { SyncScreen } from "./sync/SyncScreen";
import { TablesScreen } from "./tables/TablesScreen";

/** One tab of an account; its place is `/accounts/ID/PATH`. */
export interface AccountTab {
  path: string;
  label: string;
  screen: ComponentType<{ account: string }>;
}

/** The tabs in their order; the first is where an account opens. */
export const ACCOUNT_TABS: AccountTab[] = [
  { path: "explore", label: "Explore", screen: ExploreScreen },
  { path: "compare", label: "Compare", screen: CompareScreen },
  { path: "mapping", label: "Mapping", screen: MappingScreen },
  { path: "tables", label: "Tables", screen: TablesScreen },
  { path: "sync", label: "Sync", screen: SyncScreen },
  { path: "calls", label: "Calls", screen: CallsScreen },
  { path: "credentials", label: "Credentials", screen: CredentialsScreen },
];
