import { Screen } from "../../app/Screen";
import { Backups } from "./Backups";
import { DesktopSettings } from "./DesktopSettings";
import { Health } from "./Health";
import { WorkspaceSettings } from "./WorkspaceSettings";

/** What can be set, and how the program and its workspace do. */
export function Settings() {
  return (
    <Screen title="Settings">
      <div className="grid grid-cols-2 items-start gap-5 px-5 pt-4 pb-16 max-[1150px]:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-5">
          <DesktopSettings />
          <WorkspaceSettings />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Health />
          <Backups />
        </div>
      </div>
    </Screen>
  );
}
