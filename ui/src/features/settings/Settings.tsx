import { Screen } from "../../app/Screen";
import { Audit } from "./Audit";
import { Backups } from "./Backups";
import { Custody } from "./Custody";
import { DesktopSettings } from "./DesktopSettings";
import { Health } from "./Health";
import { Incidents } from "./Incidents";
import { WorkspaceSettings } from "./WorkspaceSettings";

/** What can be set, and how the program and its workspace do. */
export function Settings() {
  return (
    <Screen title="Settings">
      <div className="grid grid-cols-2 items-start gap-5 px-5 pt-4 pb-16 max-[1150px]:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-5">
          <DesktopSettings />
          <WorkspaceSettings />
          <Custody />
          <Incidents />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Health />
          <Backups />
          <Audit />
        </div>
      </div>
    </Screen>
  );
}
