import { type ReactNode, useMemo } from "react";

import { counted } from "../../../components/formats";

/** Values longer than this are cut on screen; the whole value is one copy away. */
const SHOWN = 400;

const TONES: Record<string, string> = {
  string: "text-json-string",
  number: "text-json-number",
  boolean: "text-json-number",
  null: "text-ink-3",
  object: "text-ink-2",
  array: "text-ink-2",
};

/** The colour of a raw value by its kind. */
export function toneOf(kind: string): string {
  return TONES[kind] ?? "text-ink";
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  return Array.isArray(value) ? "array" : typeof value;
}

/** A value in one line: texts in quotes, lists and objects by what they hold. */
export function inOneLine(json: string): { kind: string; text: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Cut text is no JSON any more; what is there is still worth showing.
    return { kind: "string", text: json.slice(0, SHOWN) };
  }
  const kind = kindOf(value);
  if (Array.isArray(value)) {
    const flat = value.every((item) => item === null || typeof item !== "object");
    return {
      kind,
      text: flat && json.length <= 120 ? json : counted(value.length, "item"),
    };
  }
  if (kind === "object") {
    const keys = Object.keys(value as object);
    return { kind, text: json.length <= 120 ? json : `{ ${keys.slice(0, 6).join(", ")}${keys.length > 6 ? ", …" : ""} }` };
  }
  return { kind, text: json.length > SHOWN ? `${json.slice(0, SHOWN)}…` : json };
}

/** A unified value in one line, coloured by its kind; an absent one is a dash. Always text, never HTML. */
export function JsonValue({ json, empty = "–" }: { json: string | null; empty?: ReactNode }) {
  const line = useMemo(() => (json === null ? null : inOneLine(json)), [json]);
  if (line === null || line.kind === "null") {
    return <span className="text-ink-3">{empty}</span>;
  }
  return (
    <span className={`font-mono text-[12px] break-words ${toneOf(line.kind)}`} title={json ?? ""}>
      {line.text}
    </span>
  );
}

/** A value that crossed as JSON, as JSON text again; null where there is none. */
export function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
