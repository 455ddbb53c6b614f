import type { ComponentType } from "react";

import { type Backend, offers } from "../../backend";
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
  /** The command without which it is absent. */
  needs?: keyof Backend;
}

const TABS: AccountTab[] = [
  { path: "explore", label: "Explore", screen: ExploreScreen },
  { path: "compare", label: "Compare", screen: CompareScreen },
  { path: "mapping", label: "Mapping", screen: MappingScreen, needs: "mappingTable" },
  { path: "tables", label: "Tables", screen: TablesScreen, needs: "tables" },
  { path: "sync", label: "Sync", screen: SyncScreen },
  { path: "calls", label: "Calls", screen: CallsScreen },
  { path: "credentials", label: "Credentials", screen: CredentialsScreen },
];

/** The tabs in their order; the first is where an account opens. */
export function accountTabs(): AccountTab[] {
  return TABS.filter((tab) => tab.needs === undefined || offers(tab.needs));
}
