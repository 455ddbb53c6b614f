use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::error_code_prefix;
use jsonata_core::parser::{self, ParserError};

use crate::corrected::{self, CORRECTED};
use crate::engine::ExpressionError;
use crate::precedence;
use crate::tree;

/// Longest expression whose fault is located: locating parses it once for every character.
const LONGEST_LOCATED: usize = 4096;

/// An expression as a tree, with the reference's precedence, and refused if it holds a pattern the engine cannot
/// match.
pub(crate) fn parse(expression: &str) -> Result<AstNode, ExpressionError> {
    let mut ast = precedence::parse(expression).map_err(|error| {
        let text = match error {
            ParserError::UnclosedComment => format!("S0106: {error}"),
            _ => error.to_string(),
        };
        let (code, message) = split_code(&text);
        ExpressionError::Syntax {
            code: code.map(str::to_owned),
            message: message.to_owned(),
            position: position(expression, code, &error),
        }
    })?;
    if CORRECTED.iter().any(|name| expression.contains(name)) {
        corrected::spell_context(&mut ast);
    }
    let mut unsupported = None;
    tree::visit(&ast, &mut |node| {
        if let AstNode::Regex { pattern, .. } = node
            && unsupported.is_none()
        {
            unsupported = regex::Regex::new(pattern).err().map(|error| match error {
                regex::Error::CompiledTooBig(_) => {
                    format!("the pattern /{pattern}/ is too large")
                }
                _ if pattern.contains("(?=")
                    || pattern.contains("(?!")
                    || pattern.contains("(?<") =>
                {
                    format!(
                        "the pattern /{pattern}/ looks ahead or behind, which this engine cannot do"
                    )
                }
                _ => format!("the pattern /{pattern}/ is not one this engine can match"),
            });
        }
    });
    match unsupported {
        Some(message) => Err(ExpressionError::Unsupported { message }),
        None => Ok(ast),
    }
}

/// Whether the expression mentions a function or variable that `wanted` accepts, by its name without `$`.
pub(crate) fn names_any(ast: &AstNode, wanted: impl Fn(&str) -> bool) -> bool {
    let mut found = false;
    tree::visit(ast, &mut |node| {
        if let AstNode::Function { name, .. } | AstNode::Variable(name) = node {
            found |= wanted(name);
        }
    });
    found
}

/// An engine message as its JSONata code, if it has one, and the message without code and wrapping
/// (`Signature validation failed: T0410: …`).
pub(crate) fn split_code(message: &str) -> (Option<&str>, &str) {
    let coded = std::iter::once(message)
        .chain(
            message
                .match_indices(": ")
                .map(|(at, _)| &message[at + 2..]),
        )
        .find(|text| error_code_prefix(text).is_some());
    match coded {
        Some(text) => (Some(&text[..5]), text[6..].trim_start()),
        None => (None, message),
    }
}

/// How many characters the parser had read when it met the fault. The engine does not say, so it is found by
/// looking for the shortest beginning from which on every longer one fails in the same way.
fn position(expression: &str, code: Option<&str>, error: &ParserError) -> Option<usize> {
    // Something is missing at the end: the whole text was read.
    if let Some("S0101" | "S0105" | "S0106" | "S0203" | "S0207") = code {
        return Some(expression.chars().count());
    }
    if expression.len() > LONGEST_LOCATED {
        return None;
    }
    let wanted = error.to_string();
    let ends: Vec<usize> = expression
        .char_indices()
        .map(|(start, _)| start)
        .skip(1)
        .collect();
    let mut position = ends.len() + 1;
    for (characters, end) in ends.iter().enumerate().rev() {
        match parser::parse(&expression[..*end]) {
            Err(shorter) if shorter.to_string() == wanted => position = characters + 1,
            _ => break,
        }
    }
    Some(position)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn a_fault_is_located_where_the_reference_locates_it() {
        for (expression, code, position) in [
            ("foo ] bar", "S0201", 5),
            ("1 + ", "S0207", 4),
            ("a bcd", "S0201", 5),
            ("\"abc", "S0101", 4),
            ("$sum(lines.amount", "S0203", 17),
        ] {
            let error = parse(expression).unwrap_err();
            assert_eq!(error.jsonata_code(), Some(code), "{expression}");
            assert_eq!(error.position(), Some(position), "{expression}");
        }
    }

    #[test]
    fn look_around_is_refused_when_compiling() {
        for expression in [
            "$match(a, /x(?=y)/)",
            "$replace(a, /(?<!x)y/, 'z')",
            "$split(a, /(a)\\1/)",
        ] {
            match parse(expression).unwrap_err() {
                ExpressionError::Unsupported { message } => assert!(message.contains("pattern")),
                other => panic!("{expression}: {other:?}"),
            }
        }
    }

    #[test]
    fn an_expression_nested_100_000_deep_is_an_error() {
        for expression in [
            format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000)),
            format!("1{}", "+1".repeat(100_000)),
            "[".repeat(100_000),
            "-".repeat(100_000),
        ] {
            let error = parse(&expression).unwrap_err();
            assert_eq!(error.jsonata_code(), Some("U1002"));
        }
    }
}
