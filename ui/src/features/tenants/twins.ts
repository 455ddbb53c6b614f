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
    const length = Math.max(live.length, trial.length);
    return {
      connector,
      label: own[0]?.connector_label ?? connector,
      pairs: Array.from({ length }, (_, index) => ({
        sandbox: trial[index] ?? null,
        production: live[index] ?? null,
      })),
    };
  });
}
