const NAMES: Record<string, string> = {
  proxy: "Proxy",
  ca_file: "Certificates of your own",
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

/** Whether a value is a switch, and how it says on and off; null when it is free text. */
export function switchOf(value: string | null): { on: boolean; words: [string, string] } | null {
  for (const words of [
    ["true", "false"],
    ["on", "off"],
    ["yes", "no"],
  ] as [string, string][]) {
    if (value === words[0] || value === words[1]) {
      return { on: value === words[0], words };
    }
  }
  return null;
}
