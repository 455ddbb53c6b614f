/** A pasted text as one record: an object, or the first object of a list. */
export type Pasted = { record: string } | { fault: string };

/** Reads what was pasted. Its text is kept as it was typed, so that a decimal keeps its digits. */
export function pastedRecord(text: string): Pasted {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    return isRecord(first) ? { record: JSON.stringify(first) } : { fault: "The list holds no record." };
  }
  return isRecord(value) ? { record: text } : { fault: "A record is a JSON object: { … }." };
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
