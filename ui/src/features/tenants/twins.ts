import type { OverviewRow } from "../../backend";

/** The accounts of one connector, those of the same rank by kind beside each other. */
export interface Twins {
  connector: string;
  label: string;
  pairs: { sandbox: OverviewRow | null; production: OverviewRow | null }[];
}

/** A trial account beside its live one: paired by the connector and, as far as they say so, the environment's name. */
export function twinsOf(rows: OverviewRow[]): Twins[] {
  const connectors = [...new Set(rows.map((row) => row.connector))].toSorted();
  return connectors.map((connector) => {
    const own = rows
      .filter((row) => row.connector === connector)
      .toSorted((a, b) => a.id.localeCompare(b.id));
    const live = own.filter((row) => row.kind === "production");
    const trial = own.filter((row) => row.kind !== "production");
    const alike = live.flatMap((production) => {
      const at = trial.findIndex((row) => row.environment !== null && row.environment === production.environment);
      const [sandbox] = at < 0 ? [] : trial.splice(at, 1);
      return sandbox ? [{ sandbox, production }] : [];
    });
    const alone = live.filter((row) => alike.every((pair) => pair.production !== row));
    const rest = Array.from({ length: Math.max(alone.length, trial.length) }, (_, index) => ({
      sandbox: trial[index] ?? null,
      production: alone[index] ?? null,
    }));
    return { connector, label: own[0]?.connector_label ?? connector, pairs: [...alike, ...rest] };
  });
}
