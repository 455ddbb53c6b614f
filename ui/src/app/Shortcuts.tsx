import { Dialog } from "../components/Dialog";
import { Kbd } from "../components/Kbd";
import { answerOf, formOf, useCommands } from "../keyboard/commands";
import { openPalette, useOverlay } from "./palette";

/** What `?` shows: every shortcut that works here and now. */
export function Shortcuts() {
  const open = useOverlay() === "shortcuts";
  const commands = useCommands().filter((command) => command.keys);
  // In a form the one that is the form's answers.
  const answering = new Map(commands.map(({ keys }) => [keys, answerOf(commands.filter((each) => each.keys === keys))]));
  const byKeys = commands.filter((command) => answering.get(command.keys) === command || formOf(command) !== null);
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
                  <dt>
                    {command.label}
                    {answering.get(command.keys) !== command && <span className="text-ink-3">, in its form</span>}
                  </dt>
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
