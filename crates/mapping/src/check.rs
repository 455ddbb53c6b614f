use jsonata_core::ast::AstNode;
use serde::Serialize;

use crate::effective::{EffectiveField, EffectiveMapping};
use crate::level::Level;
use crate::precedence;
use crate::shape::Shape;
use crate::syntax;
use crosswalk_connector::ScalarType;

/// How much a [`Finding`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The field cannot be right.
    Error,
    /// The field may surprise.
    Warning,
}

/// Something a mapping's author should look at, found without any record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The unified field.
    pub field: String,
    /// The level whose entry it is about; `None` if no level says anything of the field.
    pub level: Option<Level>,
    /// How much it matters.
    pub severity: Severity,
    /// A stable name for the kind of finding.
    pub code: &'static str,
    /// What is the matter, in plain words.
    pub message: String,
    /// For a fault of spelling: characters read when it was met.
    pub position: Option<usize>,
    /// The line and column of `position`, both from 1.
    pub line_column: Option<(usize, usize)>,
    /// What to do next.
    pub hint: &'static str,
}

/// Everything that can be said of a mapping without a record: expressions that do not compile, fields the model does
/// not have, required fields nobody maps, and expressions that are likely not to mean what they say.
pub fn check_mapping(mapping: &EffectiveMapping) -> Vec<Finding> {
    let mut findings: Vec<Finding> = mapping
        .unknown
        .iter()
        .map(|(field, level)| Finding {
            field: field.clone(),
            level: Some(*level),
            severity: Severity::Error,
            code: "field_unknown",
            message: format!("the model {} has no field \"{field}\"", mapping.model),
            position: None,
            line_column: None,
            hint: "Correct the name, or map it as custom_fields.NAME.",
        })
        .collect();
    for field in &mapping.fields {
        findings.extend(check_field(field));
    }
    findings
}

fn check_field(field: &EffectiveField) -> Vec<Finding> {
    let finding = |severity, code, message, hint| Finding {
        field: field.name.clone(),
        level: field.level,
        severity,
        code,
        message,
        position: None,
        line_column: None,
        hint,
    };
    let Some(expression) = &field.expression else {
        return if field.required {
            vec![finding(
                Severity::Error,
                "required_unmapped",
                "the model requires this field and nothing maps it".to_owned(),
                "Write an expression for it.",
            )]
        } else {
            Vec::new()
        };
    };
    if let Some(problem) = &field.problem {
        let position = problem.position();
        return vec![Finding {
            position,
            line_column: position.map(|position| line_column(expression, position)),
            ..finding(
                Severity::Error,
                problem.code(),
                problem.to_string(),
                problem.hint(),
            )
        }];
    }
    let mut findings = Vec::new();
    let mut warn = |code, message: &str, hint| {
        findings.push(finding(Severity::Warning, code, message.to_owned(), hint));
    };
    if precedence::is_easily_misread(expression) {
        warn(
            "precedence",
            "?? or ?: stands beside and, or, .. or another of them without parentheses; its left side is only the last operand",
            "Put what belongs together into parentheses.",
        );
    }
    // What compiled once compiles again.
    let Ok(ast) = syntax::parse(expression) else {
        return findings;
    };
    if holds_money(&field.shape) && calls_any(&ast, &["sum", "average"]) {
        warn(
            "sum_on_money",
            "$sum and $average add binary fractions: 0.1 + 0.2 is not 0.3, and decimals that are texts end with an error",
            "Use $decimal_sum, which is exact and keeps the scale.",
        );
    }
    if calls_any(&ast, &["now", "millis", "random", "shuffle"]) {
        warn(
            "restless",
            "the value is another one every time, so the record looks changed at every sync",
            "Take the time from the record.",
        );
    }
    if field.lineage.is_whole_record() {
        warn(
            "reads_everything",
            "the expression may read the whole record, so every sync has to fetch whole objects",
            "Name the fields it needs instead of *, **, $keys($), $eval or recursion.",
        );
    }
    findings
}

fn calls_any(ast: &AstNode, names: &[&str]) -> bool {
    syntax::names_any(ast, |name| names.contains(&name))
}

fn holds_money(shape: &Shape) -> bool {
    match shape {
        Shape::Scalar(kind) => *kind == ScalarType::Decimal,
        Shape::Enum(_) => false,
        Shape::List(items) | Shape::Map(items) => holds_money(items),
        Shape::Object(members) => members.values().any(|member| holds_money(&member.shape)),
    }
}

/// The line and column, both from 1, of the last of the first `position` characters.
pub fn line_column(expression: &str, position: usize) -> (usize, usize) {
    let mut place = (1, 0);
    for character in expression.chars().take(position.max(1)) {
        if character == '\n' && place.1 > 0 {
            place = (place.0 + 1, 0);
        } else {
            place.1 += 1;
        }
    }
    (place.0, place.1.max(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::level::{Override, Overrides};

    fn findings(expression: &str, field_type: &str) -> Vec<(&'static str, Severity)> {
        let fields = serde_json::json!({"f": {"type": serde_json::from_str::<serde_json::Value>(field_type).unwrap()},
            "must": {"type": "string", "required": true}});
        let model = serde_json::from_value(serde_json::json!({
            "format": 1, "model": "m/x", "label": "X", "description": "x", "fields": fields}))
        .unwrap();
        let own = serde_json::from_value(serde_json::json!({
            "format": 1, "model": "m/x", "resource": "xs", "fields": {"must": "a"}}))
        .unwrap();
        let shared = serde_json::from_value(serde_json::json!({"format": 1, "types": {}})).unwrap();
        let account: Overrides = [(
            "f".to_owned(),
            Override::new(Some(expression.to_owned()), "1"),
        )]
        .into();
        let mapping =
            EffectiveMapping::merge(&model, &shared, &own, "1", &Overrides::new(), &account)
                .unwrap();
        check_mapping(&mapping)
            .into_iter()
            .map(|finding| (finding.code, finding.severity))
            .collect()
    }

    #[test]
    fn expressions_are_checked_without_a_record() {
        use Severity::{Error, Warning};
        for (expression, field_type, found) in [
            ("a.b", "\"string\"", &[][..]),
            ("a +", "\"string\"", &[("expression_syntax", Error)]),
            (
                "$match(a, /x(?=y)/)",
                "\"string\"",
                &[("expression_unsupported", Error)],
            ),
            (
                "a = 'x' and b ?? 5",
                "\"string\"",
                &[("precedence", Warning)],
            ),
            ("a = 'x' and (b ?? 5)", "\"string\"", &[]),
            ("a ?? 5", "\"string\"", &[]),
            (
                "$sum(lines.amount)",
                "\"decimal\"",
                &[("sum_on_money", Warning)],
            ),
            ("$sum(lines.amount)", "\"integer\"", &[]),
            ("$decimal_sum(lines.amount)", "\"decimal\"", &[]),
            ("$now()", "\"timestamp\"", &[("restless", Warning)]),
            ("$keys($)", "\"any\"", &[("reads_everything", Warning)]),
        ] {
            assert_eq!(findings(expression, field_type), found, "{expression}");
        }
    }

    #[test]
    fn positions_become_lines_and_columns() {
        for (expression, position, place) in [
            ("a ] b", 3, (1, 3)),
            ("a\n  ] b", 5, (2, 3)),
            ("", 0, (1, 1)),
        ] {
            assert_eq!(line_column(expression, position), place, "{expression:?}");
        }
    }
}
