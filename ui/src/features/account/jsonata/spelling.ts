import { parsePath } from "../compare/rawPath";

const WORDS = new Set(["and", "or", "in", "true", "false", "null", "function", "λ"]);

/** A key as an expression names it: bare where it may be, between backticks where it must be; null where neither can. */
export function spelledKey(key: string): string | null {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !WORDS.has(key)) {
    return key;
  }
  // A name between backticks cannot hold one: JSONata has no escape there.
  return key.includes("`") || key === "" ? null : `\`${key}\``;
}

/**
 * The expression that reads a raw place. `element` says what becomes of a list on the way: its `first` element, the one
 * that was `pointed` at, or `all` of them.
 */
export function expressionFor(path: string, element: "first" | "pointed" | "all" = "all"): string {
  let expression = "";
  for (const step of parsePath(path)) {
    if ("key" in step) {
      const key = spelledKey(step.key);
      if (key === null) {
        expression = `$lookup(${expression === "" ? "$" : expression}, ${JSON.stringify(step.key)})`;
      } else {
        expression += expression === "" ? key : `.${key}`;
      }
    } else if (element === "pointed" && "index" in step) {
      expression += `[${step.index}]`;
    } else if (element === "first") {
      expression += "[0]";
    }
  }
  return expression;
}

/** Whether a path goes through a list, so that it has to be said which element is meant. */
export function crossesList(path: string): boolean {
  return parsePath(path).some((step) => !("key" in step));
}

/** A choice of "Map to…" for a raw place. */
export interface MapChoice {
  label: string;
  expression: string;
}

/** The expressions "Map to…" offers for a raw place, the likeliest first: a field that holds a list takes all elements. */
export function mapChoices(path: string, holdsList: boolean): MapChoice[] {
  if (!crossesList(path)) {
    return [{ label: "the value", expression: expressionFor(path) }];
  }
  const all = { label: "of every element", expression: expressionFor(path, "all") };
  const first = { label: "of the first element", expression: expressionFor(path, "first") };
  return holdsList ? [all, first] : [first, all];
}
