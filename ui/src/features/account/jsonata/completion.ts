import { count, counted } from "../../../components/formats";

/** A raw path this tenant's records show, or another name an expression may read: then `of` is 0. */
export interface KnownPath {
  path: string;
  /** How an expression names it. */
  expression: string;
  example: string | null;
  filled: number;
  of: number;
  custom: boolean;
  masked: boolean;
  read: boolean;
}

/** A function with its signature. */
export interface KnownFunction {
  name: string;
  signature: string;
  help: string;
}

/** What an expression may name, for this tenant and this field. */
export interface Vocabulary {
  paths: readonly KnownPath[];
  functions: readonly KnownFunction[];
  tables: readonly string[];
  enumValues: readonly string[];
}

export interface Suggestion {
  label: string;
  /** What is written, where it differs from the label. */
  apply: string;
  detail: string;
  info: string;
  kind: "path" | "function" | "enum" | "table";
  /** Higher comes first among equal matches. */
  boost: number;
}

export interface Suggestions {
  from: number;
  options: Suggestion[];
}

const MOST = 400;

/** What stands before the cursor: where a word begins and what kind of word it is. */
export function wordBefore(text: string): { from: number; kind: "path" | "function" | "text" | "table" } {
  const table = /\$table\(\s*(["'])([^"']*)$/.exec(text);
  if (table) {
    return { from: text.length - (table[2] ?? "").length, kind: "table" };
  }
  let quote: string | null = null;
  let opened = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (quote === null && (char === '"' || char === "'")) {
      quote = char;
      opened = at + 1;
    } else if (char === quote && text[at - 1] !== "\\") {
      quote = null;
    }
  }
  if (quote !== null) {
    return { from: opened, kind: "text" };
  }
  const called = /\$[\p{L}\p{N}_]*$/u.exec(text);
  if (called) {
    return { from: called.index, kind: "function" };
  }
  const path = /(?:(?:`[^`]*`?|[\p{L}_][\p{L}\p{N}_-]*)(?:\[\d*\])?\.?)+$/u.exec(text);
  return { from: path?.index ?? text.length, kind: "path" };
}

function example(path: KnownPath): string {
  if (path.masked) {
    return "masked";
  }
  return path.example ?? "";
}

function pathSuggestion(path: KnownPath): Suggestion {
  return {
    label: path.path.replaceAll("[]", ""),
    apply: path.expression,
    detail: example(path).slice(0, 60),
    // What no record is looked at for is not counted.
    info: path.of === 0 ? "" : `filled in ${count(path.filled)} of ${counted(path.of, "record")}${path.custom ? " · custom field" : ""}${path.read ? "" : " · read by nothing"}`,
    kind: "path",
    boost: (path.custom ? 2 : 0) + (path.read ? 0 : 1) + (path.of > 0 ? path.filled / path.of : 0),
  };
}

/** Whether what was typed is in the path: every piece of it, in order, case left aside. */
function agrees(label: string, typed: string): boolean {
  const plain = typed.replaceAll("`", "").toLowerCase();
  return label.replaceAll("`", "").toLowerCase().includes(plain);
}

/** What may be written at the end of `text`. */
export function suggestionsFor(text: string, vocabulary: Vocabulary): Suggestions | null {
  const { from, kind } = wordBefore(text);
  const typed = text.slice(from);
  if (kind === "table") {
    return {
      from,
      options: vocabulary.tables.map((table) => ({
        label: table,
        apply: table,
        detail: "table",
        info: "",
        kind: "table",
        boost: 0,
      })),
    };
  }
  if (kind === "text") {
    const options = vocabulary.enumValues.map((value): Suggestion => ({
      label: value,
      apply: value,
      detail: "value of the model",
      info: "",
      kind: "enum",
      boost: 0,
    }));
    return options.length > 0 ? { from, options } : null;
  }
  const functions = vocabulary.functions
    .filter((known) => known.name.toLowerCase().startsWith(typed.toLowerCase()) || typed === "")
    .map((known): Suggestion => ({
      label: known.name,
      apply: `${known.name}(`,
      detail: known.signature,
      info: known.help,
      kind: "function",
      boost: -1,
    }));
  if (kind === "function") {
    return { from, options: functions };
  }
  const paths = vocabulary.paths
    .filter((path) => agrees(path.path.replaceAll("[]", ""), typed))
    .map(pathSuggestion)
    .toSorted((a, b) => b.boost - a.boost)
    .slice(0, MOST);
  return { from, options: typed === "" ? [...paths, ...functions] : paths };
}
