import jsonata from "jsonata";

import { type Backend, BackendError, type FilterRow, type LevelEntry, type OverrideVersion, type Which } from "../../../backend";

type Level = "connector" | "environment" | "account";

/** A made-up filter with what each level says of it; null takes it away there. */
interface SampleFilter {
  name: string;
  field: string;
  bound: string;
  type: string;
  words?: readonly string[];
  said: Partial<Record<Level, string | null>>;
}

const LEVELS: readonly Level[] = ["connector", "environment", "account"];
const OPERATORS = ["eq", "in", "gt", "lt", "contains"];

function samples(): SampleFilter[] {
  return [
    { name: "id", field: "id", bound: "is", type: "id", said: { connector: '{ "id": { "eq": id } }' } },
    {
      name: "status", field: "status", bound: "is", type: "one of a few texts", words: ["paid", "draft", "approved", "on_hold"],
      said: { connector: '$lookup({\n  "draft": { "status": { "in": "new,draft" } },\n  "paid": { "paid": { "eq": "true" } }\n}, status)' },
    },
    { name: "vendor", field: "vendor", bound: "is", type: "id", said: { connector: '{ "supplier[id]": { "eq": vendor } }', environment: '{ "supplier[number]": { "eq": vendor } }' } },
    { name: "paid", field: "paid", bound: "is", type: "true or false", said: { connector: '{ "paid": { "eq": paid } }' } },
    { name: "memo", field: "memo", bound: "is", type: "text", said: {} },
    { name: "updated_after", field: "updated_at", bound: "after", type: "instant", said: { connector: '{ "updated-at": { "gt": updated_after } }' } },
  ];
}

function rowOf({ words, said, ...filter }: SampleFilter): FilterRow {
  const levels = LEVELS.flatMap((level): LevelEntry[] => {
    const expression = said[level];
    return expression === undefined ? [] : [{ level, expression, version: "1", resource: "invoices", hides_general: false, at: null, actor: null, note: null }];
  });
  const won = levels.at(-1);
  return { ...filter, enum_values: [...(words ?? [])], expression: won?.expression ?? null, level: won?.level ?? null, version: won?.version ?? null, levels };
}

function fault(code: string, message: string, hint: string) {
  return new BackendError({ code, message, hint });
}

async function conditionsOf(expression: string, name: string, value: string): Promise<string[]> {
  const given: unknown = await jsonata(expression).evaluate({ [name]: value });
  if (typeof given !== "object" || given === null) {
    throw fault("filter_untranslated", `Coupa has no condition for ${name}=${value}.`, `Ask for something else, or say how: xwalk map set --request MODEL ${name} EXPR.`);
  }
  return Object.entries(given as Record<string, Record<string, unknown>>).flatMap(([field, operators]) =>
    Object.entries(operators).map(([operator, asked]) => {
      if (!OPERATORS.includes(operator)) {
        throw fault("unknown_operator", `Coupa has no operator ${operator}.`, `It has: ${OPERATORS.join(", ")}.`);
      }
      return `${field}${operator === "eq" ? "" : `[${operator}]`}=${String(asked)}`;
    }),
  );
}

function need<T>(command: T | undefined): T {
  if (command === undefined) {
    throw new Error("the fields' command is not there");
  }
  return command;
}

/** The commands of the request side over made-up filters; what is meant of fields goes on to `fields`. */
export function filterCommands(fields: Partial<Backend>): Partial<Backend> {
  const filters = samples();
  const versions: OverrideVersion[] = [];
  const named = (name: string) => {
    const filter = filters.find((each) => each.name === name);
    if (!filter) {
      throw fault("filter_unknown", `${name} is no filter of procurement/invoice.`, "It may have: id, status.");
    }
    return filter;
  };
  const historyOf = ({ level, field, resource }: Which) =>
    versions.filter((each) => each.field === field && each.level === level && each.resource === resource);
  const write = (which: Which, action: string, expression: string | null, note: string | null, restored: number | null = null) => {
    const { said } = named(which.field);
    const level = which.level === "environment" ? "environment" : "account";
    const before = said[level] ?? null;
    if (action === "inherit") {
      delete said[level];
    } else {
      said[level] = expression;
    }
    const made: OverrideVersion = {
      version: historyOf(which).length + 1, level, scope: which.scope, model: which.model, resource: which.resource, field: which.field,
      action, expression, type: null, before, after: expression, restored_version: restored, note, actor: "engineer", at: "2026-11-21T13:20:00Z",
    };
    versions.unshift(made);
    return made;
  };
  const bringBack = (which: Which, old: OverrideVersion | undefined, note: string | null) =>
    old ? write(which, old.action, old.expression, note, old.version) : write(which, "inherit", null, note);
  return {
    ...fields,
    filterTable: async () => filters.map(rowOf),
    tryFilter: async (_account, _model, _resource, name, expression, typed) => {
      const { words } = named(name);
      const value = typed.trim();
      if (words && !words.includes(value)) {
        throw fault("invalid_filter", `${name} cannot be "${value}".`, `Use ${words.join(", ")}.`);
      }
      return {
        asked: await conditionsOf(expression, name, value),
        warnings: expression.includes(name) ? [] : [`${name}: the expression does not read ${name}, so every value asks for the same.`],
      };
    },
    saveOverride: async (which, expression, type, note, force) =>
      which.request
        ? write(which, expression === null ? "remove" : "set", expression, note)
        : need(fields.saveOverride)(which, expression, type, note, force),
    unsetOverride: async (which, note, force) =>
      which.request ? write(which, "inherit", null, note) : need(fields.unsetOverride)(which, note, force),
    overrideHistory: async (which) => (which.request ? historyOf(which) : need(fields.overrideHistory)(which)),
    restoreOverride: async (which, version, note, force) => {
      if (!which.request) {
        return need(fields.restoreOverride)(which, version, note, force);
      }
      return bringBack(which, historyOf(which).find((each) => each.version === version), note);
    },
    undoOverride: async (which, version) => {
      if (!which.request) {
        return need(fields.undoOverride)(which, version);
      }
      const history = historyOf(which);
      if (history[0]?.version !== version && history[0]?.restored_version !== version) {
        throw fault("override_changed", `${which.field} was changed since.`, "Look at its history.");
      }
      return bringBack(which, history.find((each) => each.version === version - 1), null);
    },
  };
}
