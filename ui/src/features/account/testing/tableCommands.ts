import type { Backend, TableVersion } from "../../../backend";

/** The commands of the tables over one made-up table of cost centres. */
export function tableCommands(): Partial<Backend> {
  const rows = new Map(Array.from({ length: 4_000 }, (_, index) => [`CC-${4_000 + index}`, `Department ${index % 40}`]));
  const versions: TableVersion[] = [];
  const version = (level: string, scope: string, name: string, note: string | null): TableVersion => {
    const made = {
      version: versions.length + 2, name, level, scope, entries: rows.size, added: 0, changed: 1, removed: 0,
      restored_version: null, note, dry_run: false, actor: "engineer", at: "2026-11-21T13:00:00Z",
    };
    versions.unshift(made);
    return made;
  };
  const matching = (filter: string) =>
    [...rows].filter(([key, value]) => `${key} ${value}`.toLowerCase().includes(filter.toLowerCase()));
  return {
    tables: async (account) => [
      { name: "cost_centers", level: "account", scope: account, entries: rows.size, version: versions.length + 1, at: "2026-11-20T10:00:00Z", actor: "engineer", note: "from the customer's list" },
      { name: "terms", level: "environment", scope: "eu-test", entries: 12, version: 1, at: "2026-11-18T10:00:00Z", actor: "engineer", note: null },
    ],
    tableRows: async (_which, { offset, limit, filter }) => {
      const found = matching(filter);
      return { total: rows.size, matching: found.length, version: 1, rows: found.slice(offset, offset + limit).map(([key, value]) => ({ key, value })) };
    },
    tablePlace: async (_which, key) => {
      const at = [...rows.keys()].indexOf(key);
      return at < 0 ? null : at;
    },
    effectiveTable: async (_account, _name, { offset, limit, filter }) => {
      const found = matching(filter);
      return {
        total: found.length,
        rows: found.slice(offset, offset + limit).map(([key, value]) => ({ key, value, level: "account", below: key === "CC-4000" ? "Shared" : null })),
      };
    },
    saveTable: async ({ level, scope, name }, changes, note) => {
      for (const { key, value } of changes) {
        if (value === null) {
          rows.delete(key);
        } else {
          rows.set(key, value);
        }
      }
      return version(level, scope, name, note);
    },
    startTableImpact: async (_id, _account, _table, _level, changes, onProgress) => {
      onProgress({ done: 200, total: 200 });
      return {
        records: 200, changed: changes.length, errors: 0, not_fetched: 0, newly_failing: 0, newly_filled: changes.length,
        newly_empty: 0, fields: [], examples: [], pins: { checked: 0, broken: [] }, elapsed_ms: 20,
      };
    },
    tableHistory: async () => versions,
    restoreTable: async ({ level, scope, name }, _number, note) => version(level, scope, name, note),
    importTable: async ({ level, scope, name }, csv, _replace, dryRun, note) => ({ ...version(level, scope, name, note), dry_run: dryRun, added: csv.trim().split("\n").length - 1 }),
    seedTable: async (account, name, _resource, _key, _value, dryRun) => ({ ...version("account", account, name, null), dry_run: dryRun, added: 17, changed: 0, left_out: 3 }),
    exportTable: async () => ({ text: `key,value\n${[...rows].map((row) => row.join(",")).join("\n")}\n`, head: { seq: 48_213, hash: "9f2c41d0b7a8" } }),
    unmappedKeys: async (_account, table) => [
      { table: table ?? "cost_centers", key: "CC-441", records: 122, masked: false },
      { table: table ?? "cost_centers", key: "CC-447", records: 31, masked: false },
      { table: table ?? "cost_centers", key: "•••", records: 4, masked: true },
    ],
  };
}
