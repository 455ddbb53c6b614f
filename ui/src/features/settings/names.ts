import type { SettingView } from "../../backend";

const NAMES: Record<string, string> = {
  proxy: "Proxy",
  ca_file: "Certificates of your own",
  notifications: "Notify of what falls due",
  notify_names: "Names in notifications",
  auto_renew: "Renew tokens by itself",
  client_secret_reminder_days: "Days until a client secret counts as old",
  idle_lock_minutes: "Idle lock",
  mask_exports: "Mask records that are printed",
};

/** What a setting is called: its key in words where it has no name. */
export function settingName(key: string): string {
  const words = key.replaceAll(/[._]/g, " ");
  return NAMES[key] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** A help text as a sentence. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Whether a setting is switched on; null when it is no switch. */
export function isOn(setting: Pick<SettingView, "kind" | "value">): boolean | null {
  if (setting.kind === "on_unless_off") {
    return setting.value !== "off";
  }
  return setting.kind === "off_unless_on" ? setting.value === "on" : null;
}

/** What a switch does: its help without what only a command line has to say. */
export function switchHelp(help: string): string {
  return sentence(help.replace(/^on or off: /, "").replace(/ \[(on|off)\]$/, ""));
}
