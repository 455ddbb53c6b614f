/** A field the provider can filter by, with its own operators; its kind is `text`, `number`, `boolean` or `time`. */
export interface Filterable {
  field: string;
  operators: readonly string[];
  kind: string;
  /** The words of a unified filter that knows only these. */
  values?: readonly string[];
}

const UNIFIED = "unified:";

/** The filters of a model as lines of the query builder: each has one operator, told by its name. */
export function unifiedFilterables(filters: readonly { name: string; bound: string; type: string; enum_values: readonly string[] }[]): Filterable[] {
  const kinds: Record<string, string> = { instant: "time", date: "time", "true or false": "boolean", decimal: "number", "whole number": "number" };
  return filters.map((filter) => ({
    field: UNIFIED + filter.name,
    operators: [filter.bound],
    kind: kinds[filter.type] ?? "text",
    values: filter.enum_values,
  }));
}

/** The unified filter a field of the query builder stands for, or null for the provider's own. */
export function unifiedName(field: string): string | null {
  return field.startsWith(UNIFIED) ? field.slice(UNIFIED.length) : null;
}

/** The lines as they are sent: unified filters with their values, and the provider's own conditions. */
export function split(conditions: readonly Condition[]): { filters: { name: string; value: string }[]; native: Condition[] } {
  const trimmed = conditions.map((condition) => ({ ...condition, value: valuesOf(condition).join(",") }));
  return {
    filters: trimmed.flatMap(({ field, value }) => {
      const name = unifiedName(field);
      return name === null ? [] : [{ name, value }];
    }),
    native: trimmed.filter(({ field }) => unifiedName(field) === null),
  };
}

/** One line of the query builder. */
export interface Condition {
  field: string;
  operator: string;
  value: string;
}

/** Operators that compare with a list of values. */
const LISTS: readonly string[] = ["in", "not_in"];

/** Operators that compare with a part of a value, whatever kind it is of. */
const PARTS: readonly string[] = ["contains", "starts_with", "ends_with"];

/** What a line compares with: several values where its operator takes a list. */
function valuesOf({ operator, value }: Condition): string[] {
  return LISTS.includes(operator) ? value.split(",").map((each) => each.trim()) : [value.trim()];
}

const WORDS: Record<string, string> = {
  eq: "is",
  "": "is",
  not_eq: "is not",
  ne: "is not",
  gt: "after or above",
  gte: "from",
  gt_or_eq: "from",
  lt: "before or below",
  lte: "up to",
  lt_or_eq: "up to",
  contains: "contains",
  starts_with: "starts with",
  ends_with: "ends with",
  in: "is one of",
  not_in: "is none of",
  blank: "is blank",
};

/** The provider's operator with what it means, where that is known: `gt_or_eq (from)`. */
export function operatorText(operator: string): string {
  const word = WORDS[operator];
  if (operator === "") {
    return "is";
  }
  return word === undefined || word === operator ? operator.replaceAll("_", " ") : `${operator} (${word})`;
}

/** A line to begin with: the first field with its first operator. */
export function firstCondition(filters: readonly Filterable[]): Condition | null {
  const first = filters[0];
  return first ? { field: first.field, operator: first.operators[0] ?? "", value: "" } : null;
}

/** The line with another field, its operator kept where the new field has it too. */
export function withField(
  condition: Condition,
  field: string,
  filters: readonly Filterable[],
): Condition {
  const operators = filters.find((each) => each.field === field)?.operators ?? [];
  const operator = operators.includes(condition.operator) ? condition.operator : (operators[0] ?? "");
  const values = filters.find((each) => each.field === field)?.values ?? [];
  const value = values.length > 0 && !values.includes(condition.value) ? (values[0] ?? "") : condition.value;
  return { ...condition, field, operator, value };
}

/** What is wrong with one value of a kind, or null. */
function valueFault(kind: string, value: string): string | null {
  if (kind === "time" && Number.isNaN(Date.parse(value))) {
    return "Write a date such as 2026-01-31.";
  }
  if (kind === "number" && !/^-?\d+(\.\d+)?$/.test(value)) {
    return "Write a number.";
  }
  if (kind === "boolean" && !["true", "false"].includes(value)) {
    return "Write true or false.";
  }
  return null;
}

/** What keeps a line from being sent, or null. Its operator says what its value has to be. */
export function conditionFault(condition: Condition, filters: readonly Filterable[]): string | null {
  const filter = filters.find((each) => each.field === condition.field);
  if (!filter) {
    return "Choose a field.";
  }
  const { operator } = condition;
  if (condition.value.trim() === "") {
    return "Write a value.";
  }
  const values = valuesOf(condition);
  if (values.includes("")) {
    return "Write the values with one comma between.";
  }
  const kind = operator === "blank" ? "boolean" : PARTS.includes(operator) ? "text" : filter.kind;
  return values.map((value) => valueFault(kind, value)).find((fault) => fault !== null) ?? null;
}
