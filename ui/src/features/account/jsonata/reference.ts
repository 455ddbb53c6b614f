import jsonata from "jsonata";

/** A fault of spelling with its place: characters from the start, half open. */
export interface SyntaxFault {
  from: number;
  to: number;
  message: string;
}

interface ReferenceError {
  code?: string;
  position?: number;
  token?: string;
  message?: string;
}

function isReferenceError(error: unknown): error is ReferenceError {
  return typeof error === "object" && error !== null;
}

/**
 * What the reference parser says of an expression, or null where it parses. Only parsed, never run: values come from the
 * engine, which does not tell positions.
 */
export function syntaxFault(expression: string): SyntaxFault | null {
  if (expression.trim() === "") {
    return { from: 0, to: expression.length, message: "Write an expression." };
  }
  try {
    jsonata(expression);
    return null;
  } catch (error) {
    const { position, token, message } = isReferenceError(error) ? error : {};
    // The reference counts the characters read when it stopped, which is the end of the token.
    const end = Math.min(expression.length, Math.max(1, position ?? expression.length));
    const width = token && token !== "(end)" ? token.length : 1;
    return {
      from: Math.max(0, end - width),
      to: end,
      message: message ?? "This is no expression.",
    };
  }
}

/** The place of a line and a column, both from 1, as characters from the start. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, before + Math.max(0, column - 1));
}
