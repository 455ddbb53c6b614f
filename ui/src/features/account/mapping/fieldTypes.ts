import type { RawRow } from "../../../backend";
import type { Option } from "../../../components/Select";

/** The type of a field a user adds, as it is chosen: a kind, whether it is a list, and the words of an enum. */
export interface ChosenType {
  kind: string;
  list: boolean;
  words: readonly string[];
}

/** The kinds to choose from, called as the mapping table calls them. */
export const KINDS: Option[] = [
  { value: "any", label: "value", detail: "anything, as it is" },
  { value: "string", label: "text" },
  { value: "decimal", label: "decimal", detail: "money, exact" },
  { value: "integer", label: "whole number" },
  { value: "boolean", label: "true or false" },
  { value: "date", label: "date", detail: "2026-11-20" },
  { value: "timestamp", label: "instant", detail: "date and time in UTC" },
  { value: "enum", label: "one of a few texts", detail: "an enum" },
  { value: "id", label: "id", detail: "text, whatever it was" },
  { value: "currency", label: "currency code", detail: "EUR" },
  { value: "country", label: "country code", detail: "DE" },
  { value: "Ref", label: "reference", detail: "id, number, code, name" },
];

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function chosen(value: unknown): ChosenType | null {
  if (typeof value === "string") {
    return KINDS.some((kind) => kind.value === value) ? { kind: value, list: false, words: [] } : null;
  }
  if (typeof value !== "object" || value === null) {
    return null;
  }
  if ("enum" in value && isWords(value.enum)) {
    return { kind: "enum", list: false, words: value.enum };
  }
  const element = "list" in value ? chosen(value.list) : null;
  return element && !element.list ? { ...element, list: true } : null;
}

/** A type as an override keeps it (JSON), read for choosing; null stands for what cannot be chosen here, such as objects. */
export function chosenType(text: string): ChosenType | null {
  try {
    return chosen(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A chosen type as an override keeps it. */
export function typeText({ kind, list, words }: ChosenType): string {
  const one = kind === "enum" ? { enum: words } : kind;
  return JSON.stringify(list ? { list: one } : one);
}

/** The words of an enum as they are typed, one after the other with commas. */
export function wordsOf(typed: string): string[] {
  return [...new Set(typed.split(/[,\n]/).map((word) => word.trim()))].filter((word) => word !== "");
}

/** Why a field cannot have this type yet, or null. */
export function typeFault(text: string | null): string | null {
  const type = text === null ? null : chosenType(text);
  return type?.kind === "enum" && type.words.length === 0 ? "Name at least one word." : null;
}

/** A type in a few words, as the mapping table calls it. */
export function typeName(text: string): string {
  const type = chosenType(text);
  const kind = KINDS.find((each) => each.value === type?.kind)?.label;
  return type === null || kind === undefined ? text : `${type.list ? "list of " : ""}${kind}`;
}

/** The type a raw leaf suggests for a field of its own. `preview` is JSON. */
export function suggestedType({ kind, preview }: Pick<RawRow, "kind" | "preview">): string {
  const text = preview.replaceAll(/^"|"$/g, "");
  if (kind === "boolean") {
    return typeText({ kind: "boolean", list: false, words: [] });
  }
  const found = /^-?\d+\.\d+$/.test(text)
    ? "decimal"
    : kind === "number"
      ? "integer"
      : /^\d{4}-\d\d-\d\dT/.test(text)
        ? "timestamp"
        : /^\d{4}-\d\d-\d\d$/.test(text)
          ? "date"
          : "string";
  return typeText({ kind: found, list: false, words: [] });
}
