/** A field the provider can filter by, with its own operators; its kind is `text`, `number`, `boolean` or `time`. */
export interface Filterable {
  field: string;
  operators: readonly string[];
  kind: string;
}

/** One line of the query builder. */
export interface Condition {
  field: string;
  operator: string;
  value: string;
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
  return { ...condition, field, operator };
}

/** What keeps a line from being sent, or null. */
export function conditionFault(condition: Condition, filters: readonly Filterable[]): string | null {
  const filter = filters.find((each) => each.field === condition.field);
  if (!filter) {
    return "Choose a field.";
  }
  const value = condition.value.trim();
  if (value === "") {
    return "Write a value.";
  }
  if (filter.kind === "time" && Number.isNaN(Date.parse(value))) {
    return "Write a date such as 2026-01-31.";
  }
  if (filter.kind === "number" && !/^-?\d+(\.\d+)?$/.test(value)) {
    return "Write a number.";
  }
  if (filter.kind === "boolean" && !["true", "false"].includes(value)) {
    return "Write true or false.";
  }
  return null;
}
