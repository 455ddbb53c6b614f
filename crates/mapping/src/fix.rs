use serde::Serialize;

use crate::precedence;
use crate::syntax;

/// A change to an expression that takes a finding away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, for a button.
    pub title: String,
    /// The expression afterwards.
    pub expression: String,
}

/// The change that answers a finding of [`crate::check_mapping`], by its code; `None` where only the author knows.
/// What is offered compiles, and but for `expression_unsupported` it means what the expression meant.
pub fn fix_of(code: &str, expression: &str) -> Option<Fix> {
    let (title, fixed) = match code {
        "precedence" => (
            "Put parentheses where it is read",
            parenthesised(expression)?,
        ),
        "sum_on_money" => ("Use $decimal_sum", with_exact_sums(expression)?),
        "expression_unsupported" => (
            "Match what the look-around only looks at",
            without_look_around(expression)?,
        ),
        _ => return None,
    };
    let compiles = syntax::parse(&fixed).is_ok();
    (compiles && fixed != expression).then(|| Fix {
        title: title.to_owned(),
        expression: fixed,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    /// `??` or `?:`.
    Default,
    /// What binds looser than `??`: `and`, `or`, `..`, `:=`, `?`, `:`, `,`, `;`.
    Loose,
    /// `$name`.
    Variable,
    Regex,
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
    depth: usize,
}

/// The expression's tokens with where they stand and how many brackets are open there. Told apart just well enough to
/// find operators; whoever rewrites by them holds the result against the parser.
fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let (kind, length) = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '/' if rest.starts_with("/*") => {
                at += rest.find("*/").map_or(rest.len(), |end| end + 2);
                continue;
            }
            '"' | '\'' | '`' => (Kind::Other, quoted(rest, first)),
            '/' if begins_operand(tokens.last(), text) => (Kind::Regex, quoted(rest, '/')),
            '(' | '[' | '{' => (Kind::Open, 1),
            ')' | ']' | '}' => (Kind::Close, 1),
            '?' if rest.starts_with("??") || rest.starts_with("?:") => (Kind::Default, 2),
            ':' if rest.starts_with(":=") => (Kind::Loose, 2),
            '.' if rest.starts_with("..") => (Kind::Loose, 2),
            '?' | ':' | ',' | ';' => (Kind::Loose, 1),
            _ if first == '$' || first.is_alphanumeric() || first == '_' => {
                let word = rest
                    .find(|c: char| !(c == '$' || c == '_' || c.is_alphanumeric()))
                    .unwrap_or(rest.len());
                let kind = match &rest[..word] {
                    "and" | "or" | "in" if begins_operand(tokens.last(), text) => Kind::Other,
                    "and" | "or" => Kind::Loose,
                    name if name.starts_with('$') => Kind::Variable,
                    _ => Kind::Other,
                };
                (kind, word)
            }
            _ => (Kind::Other, first.len_utf8()),
        };
        if kind == Kind::Close {
            depth = depth.saturating_sub(1);
        }
        tokens.push(Token {
            kind,
            start: at,
            end: at + length,
            depth,
        });
        if kind == Kind::Open {
            depth += 1;
        }
        at += length;
    }
    tokens
}

/// The length of a quoted text at the beginning of `rest`, its quotes included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote != '`' {
            escaped = true;
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    rest.len()
}

/// Whether an operand stands next, so that `/` begins a pattern and `and` is a name.
fn begins_operand(last: Option<&Token>, text: &str) -> bool {
    last.is_none_or(|token| match token.kind {
        Kind::Open | Kind::Default | Kind::Loose => true,
        Kind::Close | Kind::Variable | Kind::Regex => false,
        Kind::Other => text[token.start..token.end]
            .chars()
            .all(|c| c.is_ascii_punctuation() && !matches!(c, '"' | '\'' | '`' | '*' | '%' | '_')),
    })
}

fn parenthesised(expression: &str) -> Option<String> {
    let meaning = precedence::bare(precedence::parse(expression).ok()?);
    let mut text = expression.to_owned();
    let operators = |text: &str| {
        let tokens = tokens(text);
        let places = (0..tokens.len()).filter(|at| tokens[*at].kind == Kind::Default);
        (places.collect::<Vec<_>>(), tokens)
    };
    for nth in (0..operators(&text).0.len()).rev() {
        if !precedence::is_easily_misread(&text) {
            break;
        }
        let (places, tokens) = operators(&text);
        let Some(&place) = places.get(nth) else { break };
        let depth = tokens[place].depth;
        let before = tokens[..place].iter().rev().find(|token| {
            token.depth < depth
                || token.depth == depth && matches!(token.kind, Kind::Loose | Kind::Default)
        });
        let after = tokens[place + 1..].iter().find(|token| {
            token.depth < depth
                || token.depth == depth
                    && token.kind == Kind::Loose
                    && matches!(&text[token.start..token.end], "," | ";" | ":")
        });
        let first = tokens
            .iter()
            .find(|token| before.is_none_or(|before| token.start >= before.end))?;
        let last = tokens
            .iter()
            .rev()
            .find(|token| after.is_none_or(|after| token.end <= after.start))?;
        let wrapped = format!(
            "{}({}){}",
            &text[..first.start],
            &text[first.start..last.end],
            &text[last.end..]
        );
        if precedence::parse(&wrapped).is_ok_and(|ast| precedence::bare(ast) == meaning) {
            text = wrapped;
        }
    }
    (!precedence::is_easily_misread(&text)).then_some(text)
}

fn with_exact_sums(expression: &str) -> Option<String> {
    let tokens = tokens(expression);
    let mut text = String::with_capacity(expression.len() + 16);
    let mut done = 0;
    for token in tokens.iter().filter(|token| {
        token.kind == Kind::Variable && &expression[token.start..token.end] == "$sum"
    }) {
        text.push_str(&expression[done..token.start]);
        text.push_str("$decimal_sum");
        done = token.end;
    }
    text.push_str(&expression[done..]);
    (done > 0).then_some(text)
}

fn without_look_around(expression: &str) -> Option<String> {
    let tokens = tokens(expression);
    let mut text = String::with_capacity(expression.len());
    let mut done = 0;
    for token in tokens.iter().filter(|token| token.kind == Kind::Regex) {
        let pattern = &expression[token.start..token.end];
        text.push_str(&expression[done..token.start]);
        text.push_str(&pattern.replace("(?<=", "(?:").replace("(?=", "(?:"));
        done = token.end;
    }
    text.push_str(&expression[done..]);
    (done > 0).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_answered_by_an_expression_that_means_the_same() {
        for (code, expression, fixed) in [
            (
                "precedence",
                "a = 'x' and qty ?? 5",
                Some("a = 'x' and (qty ?? 5)"),
            ),
            (
                "precedence",
                "a or b and c ?? d",
                Some("a or b and (c ?? d)"),
            ),
            ("precedence", "a ?? b ?? c", Some("a ?? (b ?? c)")),
            (
                "precedence",
                "x[a and b ?: c].d",
                Some("x[a and (b ?: c)].d"),
            ),
            ("precedence", "[1..n ?? 3]", Some("[1..(n ?? 3)]")),
            (
                "precedence",
                "a and \"b ?? c\" ?? d",
                Some("a and (\"b ?? c\" ?? d)"),
            ),
            ("precedence", "a ?? b", None),
            (
                "sum_on_money",
                "$sum(lines.amount)",
                Some("$decimal_sum(lines.amount)"),
            ),
            (
                "sum_on_money",
                "'$sum' & $sum(a)",
                Some("'$sum' & $decimal_sum(a)"),
            ),
            (
                "sum_on_money",
                "lines.amount ~> $sum",
                Some("lines.amount ~> $decimal_sum"),
            ),
            ("sum_on_money", "$average(a)", None),
            (
                "expression_unsupported",
                "$match(a, /x(?=y)/)",
                Some("$match(a, /x(?:y)/)"),
            ),
            ("expression_unsupported", "$match(a, /x(?!y)/)", None),
            ("restless", "$now()", None),
        ] {
            let found = fix_of(code, expression).map(|fix| fix.expression);
            assert_eq!(found.as_deref(), fixed, "{expression}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_expression_is_too_odd(text in "[a-c$?:.,;()\\[\\]{}'\"`/ \\\\*=andor]{0,30}") {
            for code in ["precedence", "sum_on_money", "expression_unsupported"] {
                let _ = fix_of(code, &text);
            }
        }
    }
}
