//! `xwalk compare`.

use std::process::ExitCode;

use crosswalk_console::{AccountComparison, Fault, Filled};

use super::Context;
use crate::output::{or_dash, table};

fn share(filled: Option<Filled>) -> String {
    filled.map_or_else(
        || "-".to_owned(),
        |one| format!("{} of {}", one.filled, one.of),
    )
}

fn tick(has: bool) -> String {
    if has { "yes" } else { "-" }.to_owned()
}

fn section(text: &mut String, head: &str, rows: Vec<Vec<String>>, heads: &[&str]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("{head}\n{}\n\n", table(heads, rows)));
}

fn shown(found: &AccountComparison) -> String {
    let (a, b) = (found.a.as_str(), found.b.as_str());
    let mut text = format!("{a} ({}) beside {b} ({})\n\n", found.a_kind, found.b_kind);
    let rows = found.scopes.iter().filter(|row| row.a != row.b);
    let rows = rows.map(|row| vec![row.scope.clone(), tick(row.a), tick(row.b)]);
    section(
        &mut text,
        "Scopes only one has",
        rows.collect(),
        &["scope", a, b],
    );
    let rows = found.custom_fields.iter().map(|row| {
        vec![
            format!("{} {}", row.resource, row.path),
            share(row.a),
            share(row.b),
        ]
    });
    section(&mut text, "Custom fields", rows.collect(), &["field", a, b]);
    let rows = found.tables.iter().map(|row| {
        vec![
            row.table.clone(),
            row.a_entries.to_string(),
            row.b_entries.to_string(),
            row.different.to_string(),
        ]
    });
    section(
        &mut text,
        "Tables",
        rows.collect(),
        &["table", a, b, "different"],
    );
    let rows = found.mapping.iter().map(|row| {
        vec![
            format!("{} {}", row.model, row.field),
            or_dash(row.a.as_deref()),
            or_dash(row.b.as_deref()),
            tick(row.same),
        ]
    });
    section(
        &mut text,
        "Mapping",
        rows.collect(),
        &["field", a, b, "same"],
    );
    let rows = found
        .coverage
        .iter()
        .filter(|row| row.a != row.b)
        .map(|row| {
            vec![
                format!("{} {}", row.model, row.field),
                share(Some(row.a)),
                share(Some(row.b)),
            ]
        });
    section(&mut text, "Coverage", rows.collect(), &["field", a, b]);
    text
}

pub(super) async fn run(context: &Context, a: &str, b: &str) -> Result<ExitCode, Fault> {
    let found = context.console()?.compare_accounts(a, b).await?;
    context.output.result(&found, shown)?;
    Ok(ExitCode::SUCCESS)
}
