import { BackendError, type FilterRow } from "../../../backend";
import type { KnownFunction, Vocabulary } from "../jsonata/completion";
import { spelledKey } from "../jsonata/spelling";

type Kind = Pick<FilterRow, "type" | "enum_values">;

/** Values one of which a filter is tried with; none where one types. */
export function trialWords(filter: Kind): readonly string[] {
  return filter.type === "true or false" ? ["true", "false"] : filter.enum_values;
}

const EXAMPLES: Record<string, string> = { instant: "2026-01-31", date: "2026-01-31", decimal: "12.50", "whole number": "12" };

/** What a filter is tried with at first; empty where only somebody who knows the records can tell. */
export function firstTrial(filter: Kind): string {
  return trialWords(filter)[0] ?? EXAMPLES[filter.type] ?? "";
}

/** What a filter's value is: `one of a few texts`, `instant that updated_at is later than`. */
export function valueText({ type, field, bound }: Pick<FilterRow, "type" | "field" | "bound">): string {
  if (bound === "is") {
    return type;
  }
  return `${type} that ${field} is ${bound === "after" ? "later" : "earlier"} than`;
}

/** What a filter asks for, in one line of the list. */
export function asksText({ expression, level }: Pick<FilterRow, "expression" | "level">): string {
  if (expression !== null) {
    return expression.replaceAll(/\s+/g, " ").trim();
  }
  return level === null ? "not asked by" : "taken away";
}

/** The filters in whose name is what was typed, those that begin with it first. */
export function foundFilters<T extends { name: string }>(filters: readonly T[], typed: string): T[] {
  const text = typed.trim().toLowerCase();
  const begins = (name: string) => name.toLowerCase().startsWith(text);
  const found = filters.filter(({ name }) => name.toLowerCase().includes(text));
  return [...found.filter(({ name }) => begins(name)), ...found.filter(({ name }) => !begins(name))];
}

/** What a filter's expression may name: the filters that are given, this one first, and what every expression may. */
export function vocabularyOf(
  filters: readonly FilterRow[],
  filter: FilterRow,
  known: { functions: readonly KnownFunction[]; tables: readonly string[] } | undefined,
): Vocabulary {
  return {
    paths: filters.map(({ name, type }) => ({
      path: name,
      // A name with a dot is one key of what is given.
      expression: spelledKey(name) ?? `$lookup($, ${JSON.stringify(name)})`,
      example: type,
      filled: 0,
      of: 0,
      custom: false,
      masked: false,
      read: name !== filter.name,
    })),
    functions: known?.functions ?? [],
    tables: known?.tables ?? [],
    enumValues: filter.enum_values,
  };
}

/** Why a draft asks for nothing. A value the provider has no state for is no mistake of the expression. */
export function faultOf(error: unknown): { message: string; hint: string | null; tone: "warn" | "bad" } {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof BackendError)) {
    return { message, hint: null, tone: "bad" };
  }
  const mild = error.code === "filter_untranslated" || error.code === "invalid_filter";
  // What to type in a terminal is done here by writing on.
  const hint = error.hint?.includes("xwalk") ? null : error.hint;
  return { message, hint, tone: mild ? "warn" : "bad" };
}
