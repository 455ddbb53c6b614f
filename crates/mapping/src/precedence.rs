use jsonata_core::ast::{AstNode, BinaryOp};
use jsonata_core::ast_transform::resolve_ancestry;
use jsonata_core::parser::{self, Parser, ParserError};
use jsonata_core::value::with_stack;

use crate::tree::children_mut;

/// Parses an expression with the operator precedence of the reference implementation.
///
/// `jsonata-core` 2.2.13 lets `??` and `?:` bind looser than everything but `:=` (15), where the reference binds
/// their left operand like a comparison (40) and takes everything to the right as the alternative. So
/// `status = "x" and qty ?? 5` would come out as `(… and qty) ?? 5`: a wrong value without a word. The tree is
/// turned here so that it says what the reference reads. Parentheses are nodes of their own and are never
/// looked into.
pub(crate) fn parse(expression: &str) -> Result<AstNode, ParserError> {
    let ast = parser::parse(expression)?;
    if !(expression.contains("??") || expression.contains("?:")) {
        return Ok(ast);
    }
    // Ancestors (`%`) are resolved against the tree's shape, so the turn comes before that pass.
    let mut raw = Parser::new(expression.to_owned())?.parse()?;
    turn(&mut raw);
    resolve_ancestry(raw).map_err(|error| {
        let jsonata_core::ast_transform::AstTransformError::Coded { code, message } = error;
        ParserError::Coded { code, message }
    })
}

/// Whether the expression mixes `??` or `?:` with others in a way that engines, and people, read differently.
pub(crate) fn is_easily_misread(expression: &str) -> bool {
    if !(expression.contains("??") || expression.contains("?:")) {
        return false;
    }
    let raw = Parser::new(expression.to_owned()).and_then(|mut parser| parser.parse());
    raw.is_ok_and(|raw| {
        let mut turned = raw.clone();
        turn(&mut turned);
        turned != raw
    })
}

/// Turns every misparsed `??` and `?:` in the tree, innermost first.
fn turn(node: &mut AstNode) {
    // A tree may be a thousand levels deep.
    with_stack(|| children_mut(node).into_iter().for_each(turn));
    let owned = std::mem::replace(node, AstNode::Null);
    *node = match owned {
        AstNode::Binary {
            op: op @ (BinaryOp::Coalesce | BinaryOp::Default),
            lhs,
            rhs,
        } => attach(*lhs, op, *rhs),
        other => other,
    };
}

/// `left op right`, where `op` takes only what the reference would give it of `left`: the rightmost operand of
/// a chain of operators that bind looser than 40, or of another `??`/`?:`, whose alternative it continues.
fn attach(left: AstNode, op: BinaryOp, right: AstNode) -> AstNode {
    match left {
        AstNode::Binary {
            op:
                outer @ (BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Range
                | BinaryOp::Coalesce
                | BinaryOp::Default),
            lhs,
            rhs,
        } => AstNode::Binary {
            op: outer,
            lhs,
            rhs: Box::new(with_stack(|| attach(*rhs, op, right))),
        },
        whole => AstNode::Binary {
            op,
            lhs: Box::new(whole),
            rhs: Box::new(right),
        },
    }
}

/// The tree without the marks of one-expression parentheses, so that two spellings compare.
pub(crate) fn bare(mut node: AstNode) -> AstNode {
    while let AstNode::Block(items) = &mut node {
        if items.len() != 1 {
            break;
        }
        node = items.remove(0);
    }
    with_stack(|| {
        for child in children_mut(&mut node) {
            let owned = std::mem::replace(child, AstNode::Null);
            *child = bare(owned);
        }
    });
    node
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// What each expression means to the reference (npm `jsonata` 2.2.2), spelled with parentheses.
    #[test]
    fn reads_as_the_reference_does() {
        for (expression, meaning) in [
            ("a and b ?? c", "a and (b ?? c)"),
            ("a or b ?? c", "a or (b ?? c)"),
            ("a or b and c ?? d", "a or (b and (c ?? d))"),
            ("a = b ?? c", "(a = b) ?? c"),
            ("a & b ?? c", "(a & b) ?? c"),
            ("a + b ?? c", "(a + b) ?? c"),
            ("a ?? b and c", "a ?? (b and c)"),
            ("a ?? b ?? c", "a ?? (b ?? c)"),
            ("a ?? b ?: c", "a ?? (b ?: c)"),
            ("a ?? b and c ?: d", "a ?? (b and (c ?: d))"),
            ("a ? b : c ?? d", "a ? b : (c ?? d)"),
            ("a ?? b ? c : d", "a ?? (b ? c : d)"),
            ("[1..a ?? b]", "[1..(a ?? b)]"),
            ("x[a and b ?? c].d", "x[a and (b ?? c)].d"),
            ("$f(a and b ?: c)", "$f(a and (b ?: c))"),
            ("($x := a and b ?? c; $x)", "($x := (a and (b ?? c)); $x)"),
            ("{\"k\": a or b ?? c}", "{\"k\": a or (b ?? c)}"),
            ("(a and b) ?? c", "((a and b)) ?? c"),
        ] {
            assert_eq!(
                bare(parse(expression).unwrap()),
                bare(parse(meaning).unwrap()),
                "{expression}"
            );
        }
    }

    #[test]
    fn ancestors_are_resolved_after_the_turn() {
        assert!(parse("a.b.(c and %.x ?? 1)").is_ok());
    }
}
