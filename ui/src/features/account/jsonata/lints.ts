/** Something an author should look at, with a change that settles it where one is sure. */
export interface Lint {
  from: number;
  to: number;
  severity: "warning" | "info";
  message: string;
  fix: { label: string; from: number; to: number; insert: string } | null;
}

interface Token {
  kind: "name" | "variable" | "string" | "number" | "regex" | "operator";
  text: string;
  from: number;
  to: number;
}

const OPERATORS = /^(\?\?|\?:|~>|:=|!=|<=|>=|\*\*|\.\.|[-+*/%&=<>?:.,;(){}[\]|^@#~!])/;

/** An expression's tokens without space and comments; enough for lints, never a judgement on spelling. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: Token["kind"], length: number) => {
    tokens.push({ kind, text: expression.slice(at, at + length), from: at, to: at + length });
    at += length;
  };
  while (at < expression.length) {
    const rest = expression.slice(at);
    const skipped = /^(\s+|\/\*[\s\S]*?\*\/)/.exec(rest);
    const last = tokens.at(-1);
    const operandBefore =
      last !== undefined && (last.kind !== "operator" || [")", "]", "}"].includes(last.text));
    const found =
      /^("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/.exec(rest) ??
      (operandBefore ? null : /^\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+\/[im]*/.exec(rest)) ??
      /^`[^`]*`?/.exec(rest) ??
      /^\$[\p{L}\p{N}_]*/u.exec(rest) ??
      /^\d+(\.\d+)?([eE][-+]?\d+)?/.exec(rest) ??
      /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest) ??
      OPERATORS.exec(rest);
    if (skipped) {
      at += skipped[0].length;
    } else if (!found) {
      at += 1;
    } else {
      push(kindOf(found[0], operandBefore), found[0].length);
    }
  }
  return tokens;
}

function kindOf(text: string, operandBefore: boolean): Token["kind"] {
  const first = text[0] ?? "";
  if (first === '"' || first === "'") {
    return "string";
  }
  if (first === "/" && text.length > 1 && !operandBefore) {
    return "regex";
  }
  if (first === "$") {
    return "variable";
  }
  if (/\d/.test(first)) {
    return "number";
  }
  return first === "`" || (/[\p{L}_]/u.test(first) && !["and", "or", "in"].includes(text))
    ? "name"
    : "operator";
}

/** Operators the left side of `??` does not reach over in the reference, though a reader may think so. */
const LOOSER = new Set(["and", "or", ".."]);
/** Operators that take what stands before `??` into its left side. */
const TIGHTER = new Set(["=", "!=", "<", ">", "<=", ">=", "in", "&", "+", "-", "*", "/", "%"]);

/** Walks left or right from `at` inside the same parentheses to the end of the operands; the index of what stopped it. */
function boundary(tokens: readonly Token[], at: number, step: 1 | -1, stops: ReadonlySet<string>): number {
  const opening = step === 1 ? ["(", "[", "{"] : [")", "]", "}"];
  const closing = step === 1 ? [")", "]", "}"] : ["(", "[", "{"];
  let depth = 0;
  let index = at;
  while (index >= 0 && index < tokens.length) {
    const token = tokens[index];
    if (token?.kind === "operator") {
      if (opening.includes(token.text)) {
        depth += 1;
      } else if (closing.includes(token.text)) {
        if (depth === 0) {
          return index;
        }
        depth -= 1;
      } else if (depth === 0 && stops.has(token.text)) {
        return index;
      }
    }
    index += step;
  }
  return index;
}

const ENDS = new Set([",", ";", ":", "?", ":=", "and", "or", "..", "??", "?:", "~>"]);

function precedenceLint(expression: string, tokens: readonly Token[], at: number): Lint | null {
  const operator = tokens[at];
  const leftStop = boundary(tokens, at - 1, -1, ENDS);
  const rightStop = boundary(tokens, at + 1, 1, ENDS);
  const beside = [tokens[leftStop]?.text ?? "", tokens[rightStop]?.text ?? ""];
  // Only its tighter neighbours count: `a = b ?? 5` is `(a = b) ?? 5`, hardly ever what is meant.
  const tighter = tokens.slice(leftStop + 1, at).findLastIndex((token, index, all) => {
    const depth = all
      .slice(index + 1)
      .reduce((sum, each) => sum + Number(")]}".includes(each.text)) - Number("([{".includes(each.text)), 0);
    return token.kind === "operator" && depth === 0 && TIGHTER.has(token.text);
  });
  const loose = beside.some((text) => LOOSER.has(text));
  if (!operator || (!loose && tighter < 0)) {
    return null;
  }
  const first = tokens[tighter < 0 ? leftStop + 1 : leftStop + 1 + tighter + 1];
  const last = tokens[rightStop - 1];
  if (!first || !last || first.from >= operator.from || last.to <= operator.to) {
    return null;
  }
  const inner = expression.slice(first.from, last.to);
  return {
    from: operator.from,
    to: operator.to,
    severity: "warning",
    message: `${operator.text} stands beside another operator without parentheses, and people and engines read that differently.`,
    fix: { label: `Write (${inner})`, from: first.from, to: last.to, insert: `(${inner})` },
  };
}

/** What an expression is likely not to mean. `money` says that the field holds a decimal amount. */
export function lintsOf(expression: string, money: boolean): Lint[] {
  const tokens = tokensOf(expression);
  const lints: Lint[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === "operator" && (token.text === "??" || token.text === "?:")) {
      const lint = precedenceLint(expression, tokens, index);
      if (lint) {
        lints.push(lint);
      }
    }
    if (money && token.kind === "variable" && token.text === "$sum" && tokens[index + 1]?.text === "(") {
      lints.push({
        from: token.from,
        to: token.to,
        severity: "warning",
        message: "$sum adds binary fractions: 0.1 + 0.2 is not 0.3. $decimal_sum is exact and keeps the scale.",
        fix: { label: "Use $decimal_sum", from: token.from, to: token.to, insert: "$decimal_sum" },
      });
    }
    if (token.kind === "variable" && ["$now", "$millis", "$random", "$shuffle"].includes(token.text)) {
      lints.push({
        from: token.from,
        to: token.to,
        severity: "warning",
        message: `${token.text} gives another value every time, so the record looks changed at every sync. Take the time from the record.`,
        fix: null,
      });
    }
    if (token.kind === "regex" && /\(\?<?[=!]|\\[1-9]/.test(token.text)) {
      lints.push({
        from: token.from,
        to: token.to,
        severity: "warning",
        message: "Look-around and back-references are not supported. Match more and cut with $substring or a group.",
        fix: null,
      });
    }
  });
  return lints;
}

/** The expression after a fix. */
export function applied(expression: string, fix: NonNullable<Lint["fix"]>): string {
  return expression.slice(0, fix.from) + fix.insert + expression.slice(fix.to);
}
