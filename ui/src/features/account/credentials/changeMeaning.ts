import type { ConnectorChange } from "../../../backend";

/** What approving a connector's change means for where secrets go, a line each. */
export function meaningOf(change: ConnectorChange): string[] {
  const { connector, gone, added, kept, hosts, obstacle } = change;
  const lines: (string | null)[] = [
    added.length > 0 ? `Secrets and tokens would go to ${added.join(", ")}.` : null,
    gone.length > 0 ? `They would no longer go to ${gone.join(", ")}.` : null,
    added.length + gone.length === 0 && obstacle === null
      ? `They would go to ${kept.length > 0 ? kept.join(", ") : "the same addresses"} as before; how ${connector} signs in, or which hosts it names, has changed.`
      : null,
    hosts.length > 0 ? `It names these hosts now: ${hosts.join(", ")}.` : null,
    obstacle,
  ];
  return lines.filter((line) => line !== null);
}
