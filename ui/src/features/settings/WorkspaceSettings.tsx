import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useAct } from "../../app/act";
import { type SettingView, backend } from "../../backend";
import { Button } from "../../components/Button";
import { Field, Input } from "../../components/Field";
import { ErrorState, Skeleton } from "../../components/States";
import { toast, toastError } from "../../components/Toasts";
import { Switch } from "../../components/Toggles";
import { Section } from "./Section";
import { isOn, sentence, settingName, switchHelp } from "./names";

function useSave(setting: SettingView) {
  const stale = ["settings", "doctor"];
  const back = useAct(backend.setSetting, { stale });
  return useAct(backend.setSetting, {
    stale,
    done: () => {
      toast(`${settingName(setting.key)} is saved`, {
        undo: () => back.ended(setting.key, setting.value),
      });
    },
  });
}

function TextSetting({ setting }: { setting: SettingView }) {
  const [draft, setDraft] = useState<string | null>(null);
  const save = useSave(setting);
  const shown = draft ?? setting.value ?? "";
  const dirty = draft !== null && draft.trim() !== (setting.value ?? "");
  return (
    <form
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.run(setting.key, shown.trim() || null);
      }}
    >
      <div className="min-w-0 flex-1">
        <Field
          label={settingName(setting.key)}
          help={sentence(setting.help)}
          error={
            save.error && `${save.error.message} ${"hint" in save.error ? String(save.error.hint ?? "") : ""}`
          }
        >
          {(control) => (
            <Input
              {...control}
              value={shown}
              inputMode={setting.kind === "number" ? "numeric" : undefined}
              placeholder="not set"
              onChange={(event) => {
                setDraft(event.target.value);
                save.reset();
              }}
            />
          )}
        </Field>
      </div>
      <Button type="submit" command={`Save: ${settingName(setting.key)}`} busy={save.busy} disabled={!dirty} className="mt-6">
        Save
      </Button>
    </form>
  );
}

function SwitchSetting({ setting, on }: { setting: SettingView; on: boolean }) {
  // The switch itself is the way to try again; a retry could overwrite what was chosen since.
  const save = useAct(backend.setSetting, { stale: ["settings"], failed: (error) => toastError(error) });
  return (
    <Switch
      checked={on}
      disabled={save.busy}
      label={settingName(setting.key)}
      detail={switchHelp(setting.help)}
      onChange={(checked) => {
        save.run(setting.key, checked ? "on" : "off");
      }}
    />
  );
}

/** What decides which notifications there are stands with them. */
const OF_NOTIFICATIONS = ["notifications", "notify_names", "quiet_hours"];

function SettingList({ shows }: { shows: (key: string) => boolean }) {
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => backend.settings() });
  if (settings.error) {
    return <ErrorState error={settings.error} compact onRetry={() => void settings.refetch()} />;
  }
  if (!settings.data) {
    return <Skeleton />;
  }
  return settings.data
    .filter((setting) => shows(setting.key))
    .map((setting) => {
      const on = isOn(setting);
      return on !== null ? (
        <SwitchSetting key={setting.key} setting={setting} on={on} />
      ) : (
        // A saved value starts a new draft.
        <TextSetting key={`${setting.key} ${setting.value ?? ""}`} setting={setting} />
      );
    });
}

/** Whether, when and how openly the desktop is told of what falls due. */
export function NotificationSettings() {
  return <SettingList shows={(key) => OF_NOTIFICATIONS.includes(key)} />;
}

/** The other settings the workspace knows, each with its own help. */
export function WorkspaceSettings() {
  return (
    <Section title="Workspace">
      <SettingList shows={(key) => !OF_NOTIFICATIONS.includes(key)} />
    </Section>
  );
}
