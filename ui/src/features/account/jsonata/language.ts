import { LanguageSupport, StreamLanguage, type StreamParser } from "@codemirror/language";

interface State {
  /** Whether the last token was an operand, so that `/` divides rather than opens a pattern. */
  operand: boolean;
  comment: boolean;
  /** The quote of a text that goes on over a line's end. */
  quote: '"' | "'" | null;
}

/** JSONata as CodeMirror colours it: a line tokenizer, which is all that expressions of a few lines need. */
const parser: StreamParser<State> = {
  name: "jsonata",
  startState: () => ({ operand: false, comment: false, quote: null }),
  token(stream, state) {
    if (state.comment) {
      state.comment = !stream.match(/^.*?\*\//);
      if (state.comment) {
        stream.skipToEnd();
      }
      return "comment";
    }
    if (state.quote === null && stream.eatSpace()) {
      return null;
    }
    if (state.quote !== null) {
      return text(stream, state, state.quote);
    }
    if (stream.match("/*")) {
      state.comment = true;
      return "comment";
    }
    const quote = stream.peek();
    if (quote === '"' || quote === "'") {
      stream.next();
      return text(stream, state, quote);
    }
    if (!state.operand && stream.match(/^\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+\/[im]*/)) {
      state.operand = true;
      return "string.special";
    }
    if (stream.match(/^`[^`]*`?/)) {
      state.operand = true;
      return "propertyName";
    }
    if (stream.match(/^\d+(\.\d+)?([eE][-+]?\d+)?/)) {
      state.operand = true;
      return "number";
    }
    if (stream.match(/^\$[\p{L}\p{N}_]*/u)) {
      state.operand = true;
      return stream.match(/^\s*\(/, false) ? "variableName.function" : "variableName";
    }
    if (stream.match(/^(and|or|in)\b/)) {
      state.operand = false;
      return "operatorKeyword";
    }
    if (stream.match(/^(true|false|null)\b/)) {
      state.operand = true;
      return "atom";
    }
    if (stream.match(/^(function\b|λ)/)) {
      state.operand = false;
      return "keyword";
    }
    if (stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) {
      state.operand = true;
      return "propertyName";
    }
    if (stream.match(/^[)\]}]/)) {
      state.operand = true;
      return "bracket";
    }
    if (stream.match(/^[([{]/)) {
      state.operand = false;
      return "bracket";
    }
    stream.next();
    state.operand = false;
    return "operator";
  },
  languageData: {
    commentTokens: { block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", '"', "'", "`"] },
  },
};

function text(
  stream: { match: (pattern: RegExp) => unknown; skipToEnd: () => void },
  state: State,
  quote: '"' | "'",
): string {
  const rest = quote === '"' ? /^(?:\\.|[^"\\])*"/ : /^(?:\\.|[^'\\])*'/;
  if (stream.match(rest)) {
    state.quote = null;
    state.operand = true;
  } else {
    stream.skipToEnd();
    state.quote = quote;
  }
  return "string";
}

/** The language of mapping expressions. */
export function jsonataLanguage(): LanguageSupport {
  return new LanguageSupport(StreamLanguage.define(parser));
}
