import { Dialog } from "../components/Dialog";
import { Kbd } from "../components/Kbd";
import { useCommands } from "../keyboard/commands";
import { openPalette, useOverlay } from "./palette";

/** What `?` shows: every shortcut that works here and now. */
export function Shortcuts() {
  const open = useOverlay() === "shortcuts";
  const commands = useCommands().filter((command) => command.keys);
  const byKeys = [...new Map(commands.map((command) => [command.keys, command])).values()];
  const groups = [...new Set(byKeys.map((command) => command.group))];
  return (
    <Dialog
      open={open}
      onClose={() => {
        openPalette(null);
      }}
      title="Shortcuts"
    >
      {groups.map((group) => (
        <section key={group} className="mt-3">
          <h3 className="mb-1 text-micro font-medium text-ink-3">{group}</h3>
          <dl className="grid grid-cols-[1fr_auto] gap-y-1">
            {byKeys
              .filter((command) => command.group === group)
              .map((command) => (
                <div key={command.id} className="contents">
                  <dt>{command.label}</dt>
                  <dd className="justify-self-end">
                    <Kbd keys={command.keys ?? ""} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
