import jsonata from "jsonata";

import { BackendError, type Backend, type DraftResult, type Impact, type OverrideVersion, type Which } from "../../../backend";
import { lineageOf, linkOf } from "../compare/links";
import { spellPath, type RawStep } from "../compare/rawPath";
import { expressionFor } from "../jsonata/spelling";
import { typeName } from "../mapping/fieldTypes";
import { FIELDS, MASKED, RECORDS, type RawRecord, type SampleField } from "./sampleRecords";

/** The made-up mapping with its overrides; what the studio's commands work on in tests and in a plain browser. */
export interface FakeMapping {
  fields: (SampleField & { custom?: boolean; addedType?: string; everywhere?: boolean })[];
  versions: OverrideVersion[];
  pins: string[];
}

export function fakeMapping(): FakeMapping {
  return { fields: structuredClone([...FIELDS]), versions: [], pins: [] };
}

export function winning(field: SampleField): { expression: string | null; level: string | null } {
  if (field.account !== undefined) {
    return { expression: field.account, level: "account" };
  }
  if (field.environment !== undefined) {
    return { expression: field.environment, level: "environment" };
  }
  return { expression: field.connector ?? null, level: field.connector === undefined ? null : "connector" };
}

/** Paths an expression names; good enough for made-up expressions without variables. */
export function readsOf(expression: string): string[] {
  const roots: string[] = [];
  for (const path of expression.replaceAll(/"[^"]*"|'[^']*'|\$\w+/g, " ").match(/(?:`[^`]+`|[A-Za-z_]\w*)(?:\[\d+\])?(?:\.(?:`[^`]+`|[A-Za-z_]\w*)(?:\[\d+\])?)*/g) ?? []) {
    const keys = path.replaceAll(/\[\d+\]/g, "").match(/`[^`]+`|\w+/g)?.map((key) => key.replaceAll("`", "")) ?? [];
    const steps: RawStep[] = [];
    let at: unknown = RECORDS[0];
    for (const key of keys) {
      at = Array.isArray(at) ? at[0] : at;
      if (typeof at !== "object" || at === null || !(key in at)) {
        break;
      }
      at = (at as RawRecord)[key];
      steps.push({ key });
      if (Array.isArray(at)) {
        steps.push({ each: true });
      }
    }
    if (steps.length > 0) {
      const spelled = spellPath(steps);
      roots.push(spelled.endsWith("[]") ? spelled.slice(0, -2) : spelled);
    }
  }
  return [...new Set(roots)];
}

export async function evaluated(expression: string | null, record: RawRecord, field: SampleField) {
  const none = { value: null as string | null, message: null as string | null, position: null as DraftResult["position"] };
  if (expression === null) {
    return { ...none, status: field.required ? "missing" : "empty" };
  }
  try {
    const value: unknown = await jsonata(expression).evaluate(record);
    if (value === undefined || value === null || value === "") {
      return { ...none, status: field.required ? "missing" : "empty" };
    }
    const unknown = field.enumValues && !field.enumValues.includes(String(value));
    return {
      ...none,
      value: JSON.stringify(value),
      status: unknown ? "unknown_value" : "ok",
      message: unknown ? `"${String(value)}" is not among the model's values` : null,
    };
  } catch (error) {
    const { position, message } = error as { position?: number; message: string };
    return { ...none, status: "error", message, position: { line: 1, column: position ?? 1 } };
  }
}

function leaves(value: unknown, steps: RawStep[], found: Map<string, unknown>) {
  if (Array.isArray(value)) {
    for (const item of value) {
      leaves(item, [...steps, { each: true }], found);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      leaves(item, [...steps, { key }], found);
    }
  } else {
    found.set(spellPath(steps), value);
  }
}

const FUNCTIONS = [
  { name: "$decimal_sum", signature: "$decimal_sum(decimals)", help: "Adds decimals exactly, keeping their scale.", added: true },
  { name: "$lookup", signature: "$lookup(object, key)", help: "The value under a key.", added: false },
  { name: "$string", signature: "$string(value)", help: "The value as text.", added: false },
  { name: "$sum", signature: "$sum(numbers)", help: "Adds numbers.", added: false },
  { name: "$table", signature: "$table(name, key)", help: "The value of a key in a table.", added: true },
];

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

/** The commands of the mapping studio over a made-up mapping. */
export function mappingCommands(
  mapping: FakeMapping,
): Partial<Backend> {
  const named = (name: string): FakeMapping["fields"][number] =>
    mapping.fields.find((field) => field.field === name) ?? { field: name, type: "value", custom: name.startsWith("custom_fields.") };
  const record = (id: string | null) => RECORDS.find((each) => String(each["id"]) === id) ?? RECORDS[0] ?? {};
  const allReads = () => mapping.fields.flatMap((field) => readsOf(winning(field).expression ?? ""));

  async function impactOf(field: SampleField, expression: string | null): Promise<Impact> {
    const impact: Impact = {
      records: RECORDS.length, changed: 0, errors: 0, not_fetched: 0, newly_failing: 0, newly_filled: 0,
      newly_empty: 0, fields: [], examples: [], pins: { checked: mapping.pins.length, broken: [] }, elapsed_ms: 40,
    };
    for (const each of RECORDS) {
      const before = await evaluated(winning(field).expression, each, field);
      const after = await evaluated(expression, each, field);
      if (before.value !== after.value || before.status !== after.status) {
        const fails = ["error", "missing"].includes(after.status);
        const kind = fails ? "failing" : before.value === null ? "filled" : after.value === null ? "emptied" : "changed";
        impact.changed += 1;
        impact.newly_failing += Number(kind === "failing");
        impact.newly_filled += Number(kind === "filled");
        impact.newly_empty += Number(kind === "emptied");
        impact.examples.push({
          id: String(each["id"]), resource: "invoices", field: field.field, kind,
          before: parsed(before.value), after: parsed(after.value), status: after.status, message: after.message,
        });
      }
    }
    return impact;
  }

  const historyOf = ({ level, field, resource }: Which) =>
    mapping.versions.filter((each) => each.field === field && each.level === level && each.resource === resource);
  const version = (which: Which, action: string, before: string | null, after: string | null, note: string | null, restored: number | null = null): OverrideVersion => {
    const made: OverrideVersion = {
      version: historyOf(which).length + 1,
      level: which.level, scope: which.scope, model: "procurement/invoice", resource: which.resource, field: which.field, action,
      expression: after, type: null, before, after, restored_version: restored, note,
      actor: "engineer", at: "2026-11-21T13:20:00Z", warnings: [],
    };
    mapping.versions.unshift(made);
    return made;
  };

  /** Says again what an old version said; without one, nothing. */
  const bringBack = (which: Which, old: OverrideVersion | undefined, note: string | null) => {
    const field = named(which.field);
    const key = which.level === "environment" ? "environment" : "account";
    if (old?.expression) {
      field[key] = old.expression;
    } else {
      delete field[key];
    }
    return version(which, old ? "set" : "inherit", null, old?.expression ?? null, note, old?.version ?? null);
  };

  return {
    mappingTable: async (_account, model, resource) => ({
      model,
      label: "Invoice",
      resource: resource ?? "invoices",
      resources: ["invoices"],
      fields: mapping.fields.map((field) => {
        const { expression, level } = winning(field);
        const levels = (["connector", "environment", "account"] as const).flatMap((each) =>
          field[each] === undefined
            ? []
            : [{
                level: each, expression: field[each] ?? null, version: "7",
                resource: field.everywhere && each !== "connector" ? null : "invoices", hides_general: false, at: "2026-11-19T10:00:00Z", actor: "engineer", note: null,
              }],
        );
        return {
          field: field.field, label: field.field, type: field.type, enum_values: field.enumValues ?? [],
          required: field.required ?? false, custom: field.custom ?? false,
          added: field.addedType !== undefined && !field.field.includes("."), added_type: field.addedType ?? null, expression, level,
          version: level === null ? null : "7",
          changed_at: level === "account" ? "2026-11-19T10:00:00Z" : null,
          changed_by: level === "account" ? "engineer" : null,
          levels, reads: readsOf(expression ?? ""), problem: null,
        };
      }),
    }),
    fieldTotals: async () =>
      Promise.all(
        mapping.fields.map(async (field) => {
          const total = { field: field.field, filled: 0, of: RECORDS.length, failing: 0, not_fetched: 0 };
          for (const each of RECORDS) {
            const { status } = await evaluated(winning(field).expression, each, field);
            total.filled += Number(status === "ok" || status === "unknown_value");
            total.failing += Number(["error", "missing", "unknown_value"].includes(status));
          }
          return total;
        }),
      ),
    evaluateDraft: async (draft, id) => {
      const { level } = draft;
      const expression = draft.expression ?? "null";
      const field = named(draft.field);
      const before = await evaluated(winning(field).expression, record(id), field);
      const after = await evaluated(expression, record(id), field);
      return {
        ...after, reads: readsOf(expression), before: before.value, before_status: before.status,
        changed: before.value !== after.value, wins: !(level === "environment" && field.account !== undefined), masked: false, ms: 3,
      };
    },
    lintExpression: async (_account, _model, _resource, _field, expression, _type) => {
      const at = expression.indexOf("$sum(");
      const [, before, after] = /^(.+ and )([^\s(]+ \?\? \S+)$/.exec(expression) ?? [];
      return [
        ...(at < 0 ? [] : [{
          code: "sum_on_money", severity: "warning", message: "$sum adds binary fractions.", hint: "Use $decimal_sum, which is exact.",
          position: { line: 1, column: at + 1 },
          fix: { title: "Use $decimal_sum", expression: expression.replace("$sum(", "$decimal_sum(") },
        }]),
        ...(before === undefined ? [] : [{
          code: "precedence", severity: "warning", message: "?? stands beside and without parentheses.", hint: "Put what belongs together into parentheses.",
          position: null, fix: { title: "Put parentheses where it is read", expression: `${before}(${after})` },
        }]),
        ...(!expression.includes("(?=") ? [] : [{
          code: "expression_unsupported", severity: "error", message: "The pattern looks ahead, which this engine cannot.", hint: "Write it in two steps.",
          position: null, fix: { title: "Match what the look-around only looks at", expression: expression.replace("(?=", "(?:") },
        }]),
      ];
    },
    unreadFields: async () => {
      const found = new Map<string, unknown>();
      leaves(RECORDS[0], [], found);
      const read = lineageOf(allReads());
      const fields = [...found]
        .filter(([path]) => linkOf(read, path) === "none")
        .map(([path, value], index) => ({
          path, key: path.split(".").at(-1) ?? path, expression: expressionFor(path), example: JSON.stringify(value),
          masked: MASKED.includes(path), custom: path.startsWith("custom-fields."), filled: RECORDS.length - index,
        }))
        .toSorted((a, b) => Number(b.custom) - Number(a.custom) || b.filled - a.filled);
      return { records: RECORDS.length, partial: 12, fields, more: 0 };
    },
    startImpact: async (_id, draft, onProgress) => {
      const impact = await impactOf(named(draft.field), draft.expression);
      onProgress({ done: RECORDS.length, total: RECORDS.length });
      return impact;
    },
    cancelImpact: async () => null,
    saveOverride: async (which, expression, type, note, force) => {
      const { level, field: name } = which;
      const field = named(name);
      if (type !== null) {
        field.addedType = type;
        field.type = typeName(type);
      }
      const first = await evaluated(expression, RECORDS[0] ?? {}, field);
      if (field.required && !force && first.value === null) {
        throw new BackendError({ code: "required_field_fails", message: `${name} is required and would fail on 200 of 200 records.`, hint: "Correct the expression, or save anyway." });
      }
      const before = winning(field).expression;
      if (!mapping.fields.includes(field)) {
        mapping.fields.push(field);
      }
      field[level === "environment" ? "environment" : "account"] = expression ?? "null";
      const made = version(which, expression === null ? "remove" : "set", before, expression, note);
      made.type = type;
      return made;
    },
    unsetOverride: async (which, note) => {
      const field = named(which.field);
      const before = winning(field).expression;
      delete field[which.level === "environment" ? "environment" : "account"];
      return version(which, "inherit", before, winning(field).expression, note);
    },
    overrideHistory: async (which) => historyOf(which),
    restoreOverride: async (which, number, note) =>
      bringBack(which, historyOf(which).find((each) => each.version === number), note),
    undoOverride: async (which, number) => {
      const history = historyOf(which);
      if (history[0]?.version !== number && history[0]?.restored_version !== number) {
        throw new BackendError({ code: "override_changed", message: `${which.field} was changed since.`, hint: "Look at its history." });
      }
      return bringBack(which, history.find((each) => each.version === number - 1), null);
    },
    completions: async () => {
      const found = new Map<string, unknown>();
      leaves(RECORDS[0], [], found);
      const read = lineageOf(allReads());
      return {
        paths: [...found].map(([path, value]) => ({
          path, expression: expressionFor(path), example: JSON.stringify(value), masked: path === "supplier.tax-id",
          custom: path.startsWith("custom-fields."), filled: RECORDS.length, of: RECORDS.length, read: linkOf(read, path) === "read",
        })),
        functions: FUNCTIONS,
        enums: mapping.fields.flatMap((field) => (field.enumValues ? [{ field: field.field, values: field.enumValues }] : [])),
        tables: ["cost_centers"],
      };
    },
    pins: async (account) =>
      mapping.pins.map((id) => ({ account, model: "procurement/invoice", resource: "invoices", id, note: null, actor: "engineer", at: "2026-11-21T13:00:00Z" })),
    pinRecord: async (account, model, resource, id, note) => {
      mapping.pins.push(id);
      return { account, model, resource: resource ?? "invoices", id, note, actor: "engineer", at: "2026-11-21T13:00:00Z" };
    },
    unpinRecord: async (account, model, _resource, id) => {
      mapping.pins = mapping.pins.filter((each) => each !== id);
      return { account, model, resource: "invoices", id, note: null, actor: "engineer", at: "2026-11-21T13:00:00Z" };
    },
    checkPins: async () => ({ checked: mapping.pins.length, broken: [] }),
    exportBundle: async (level, scope) => ({
      text: `format: 1\nlevel: ${level}\nscope: ${scope}\noverrides: []\n`,
      head: { seq: 48_212, hash: "9f2c41d0b7a8" },
    }),
    importBundle: async (level, scope, _text, dryRun) => ({
      dry_run: dryRun, written_for: "1.4.0", present: "1.4.0",
      changes: [{ level, scope, model: "procurement/invoice", resource: "invoices", field: "memo", request: false, before: null, after: "`internal-note`" }],
      tables: [], unfit: [], versions: dryRun ? 0 : 1,
      accounts: [{ account: "northwind-coupa-test", tenant: "northwind-traders", kind: "sandbox", records: 200, changed: 12, newly_failing: 0, pins: 0, broken_pins: [], error: null }],
    }),
    exportJsonata: async () => ({
      text: mapping.fields.map((field) => `"${field.field}": ${winning(field).expression ?? "null"}`).join(",\n"),
      head: { seq: 48_212, hash: "9f2c41d0b7a8" },
    }),
    copyOverrides: async (_account, to, _choice, dryRun) => copyReport(to, dryRun),
    promoteOverrides: async (_account, _choice, dryRun) => copyReport(["eu-test"], dryRun),
    promoteToTwin: async (_account, _choice, dryRun) => copyReport(["northwind-coupa-prod"], dryRun),
    twin: async () => "northwind-coupa-prod",
    compareAccounts: async (a, b) => ({
      a, b, a_kind: "sandbox", b_kind: "production",
      scopes: [{ scope: "core.invoice.read", a: true, b: true }, { scope: "core.common.read", a: true, b: false }],
      custom_fields: [{ resource: "invoices", path: "custom-fields.cost-owner", a: { filled: 120, of: 200 }, b: null }],
      tables: [{ table: "cost_centers", a_entries: 4_000, b_entries: 12, different: 3_988, examples: [{ key: "CC-4000", a: "Fleet", b: null }] }],
      mapping: [
        { model: "procurement/invoice", resource: "invoices", field: "department", a: "custom-fields.dept", b: null, a_level: "account", b_level: null, same: false },
        { model: "procurement/invoice", resource: "invoices", field: "memo", a: "memo", b: "memo", a_level: "account", b_level: "account", same: true },
      ],
      coverage: [{ model: "procurement/invoice", resource: "invoices", field: "memo", a: { filled: 100, of: 200 }, b: { filled: 10, of: 20 } }],
    }),
  };
}

function copyReport(targets: string[], dryRun: boolean) {
  return {
    dry_run: dryRun, written_for: null, present: null,
    changes: targets.map((scope) => ({ level: "account", scope, model: "procurement/invoice", resource: "invoices", field: "department", request: false, before: "department.name", after: "`custom-fields`.`cost-center-code`" })),
    tables: [], unfit: [],
    accounts: targets.map((account) => ({ account, tenant: "northwind-traders", kind: "production", records: 12_418, changed: 4_102, newly_failing: 0, pins: 0, broken_pins: [], error: null })),
    versions: dryRun ? 0 : targets.length,
  };
}
