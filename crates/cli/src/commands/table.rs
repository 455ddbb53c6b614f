//! `xwalk table`.

use std::path::Path;
use std::process::ExitCode;

use crosswalk_console::{
    Fault, SeedInput, SeededTable, TableChange, TableEdit, TableInput, TablePreviewInput,
    TableVersion, TableView, UnmappedKey, counted, read_table,
};

use super::{Context, map_bundle};
use crate::args::{ScopeArgs, TableCommand};
use crate::output::{or_dash, say_head, table};
use crate::progress::CountBar;

/// The text of a file, or of stdin for `-`.
pub(super) fn read_file(path: &Path) -> Result<String, Fault> {
    if path == Path::new("-") {
        return super::map_override::text_of("-".to_owned());
    }
    std::fs::read_to_string(path).map_err(|error| {
        Fault::invalid(
            "input_unreadable",
            format!("{} could not be read: {error}.", path.display()),
            "Name a file of UTF-8 text.",
        )
    })
}

fn version(version: &TableVersion) -> String {
    let what = if version.dry_run {
        "would be".to_owned()
    } else {
        format!("version {}", version.version)
    };
    format!(
        "{} of {} {}, {what}: {}, {} added, {} changed, {} removed",
        version.name,
        version.level,
        version.scope,
        counted(version.entries, "entry", "entries"),
        version.added,
        version.changed,
        version.removed
    )
}

fn seeded(seeded: &SeededTable) -> String {
    let mut text = version(&seeded.table);
    if seeded.left_out > 0 {
        text.push_str(&format!(
            ", {} left out: no value, or several, beside the key",
            seeded.left_out
        ));
    }
    text
}

fn list(tables: &[TableView]) -> String {
    if tables.is_empty() {
        return "No tables yet. Bring one in: xwalk table import NAME FILE --level account --scope ID".into();
    }
    let rows = tables.iter().map(|one| {
        vec![
            one.name.clone(),
            one.level.clone(),
            one.scope.clone(),
            one.entries.to_string(),
            one.version.to_string(),
            one.at.to_string(),
        ]
    });
    table(
        &["name", "level", "scope", "entries", "version", "changed"],
        rows,
    )
}

fn history(versions: &[TableVersion]) -> String {
    let rows = versions.iter().map(|one| {
        vec![
            one.version.to_string(),
            one.at.map_or_else(String::new, |at| at.to_string()),
            or_dash(one.actor.as_deref()),
            one.entries.to_string(),
            format!("+{} ~{} -{}", one.added, one.changed, one.removed),
            or_dash(one.note.as_deref()),
        ]
    });
    table(&["version", "at", "who", "entries", "change", "note"], rows)
}

fn unmapped(keys: &[UnmappedKey]) -> String {
    if keys.is_empty() {
        return "Every key that stored records meet has an entry.".to_owned();
    }
    let rows = keys
        .iter()
        .map(|key| vec![key.table.clone(), key.key.clone(), key.records.to_string()]);
    table(&["table", "key", "records"], rows)
}

async fn change(
    context: &Context,
    name: String,
    holder: ScopeArgs,
    edit: TableEdit,
    note: Option<String>,
    dry_run: bool,
) -> Result<ExitCode, Fault> {
    let input = TableInput {
        level: holder.level.as_str().to_owned(),
        scope: holder.scope,
        name,
        edit,
        note,
        dry_run,
    };
    let changed = context.console()?.change_table(input).await?;
    context.output.result(&changed, version)?;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::too_many_lines, reason = "an arm for each command")]
pub(super) async fn run(context: &Context, command: TableCommand) -> Result<ExitCode, Fault> {
    match command {
        TableCommand::List { level, scope } => {
            let of = level
                .zip(scope.as_deref())
                .map(|(level, scope)| (level.as_str(), scope));
            let tables = context.console()?.tables(of).await?;
            context.output.result(&tables, |tables| list(tables))?;
        }
        TableCommand::Import {
            name,
            file,
            holder,
            replace,
            dry_run,
            note,
        } => {
            let entries = read_table(&read_file(&file)?)?;
            let edit = TableEdit::Import { entries, replace };
            return change(context, name, holder, edit, note, dry_run).await;
        }
        TableCommand::Export { name, holder, out } => {
            let (exported, entries) = context
                .console()?
                .export_table(holder.level.as_str(), &holder.scope, &name)
                .await?;
            if context.output.is_json() && out.is_none() {
                context.output.result(&entries, |_| String::new())?;
                say_head(exported.head.as_ref());
            } else {
                return map_bundle::written(context, &exported, out.as_deref());
            }
        }
        TableCommand::Set {
            name,
            key,
            value,
            holder,
            note,
        } => {
            let entry = TableChange {
                key,
                value: Some(value),
            };
            let edit = TableEdit::Change(vec![entry]);
            return change(context, name, holder, edit, note, false).await;
        }
        TableCommand::Unset {
            name,
            key,
            holder,
            note,
        } => {
            let edit = TableEdit::Change(vec![TableChange { key, value: None }]);
            return change(context, name, holder, edit, note, false).await;
        }
        TableCommand::History { name, holder } => {
            let versions = context
                .console()?
                .table_history(holder.level.as_str(), &holder.scope, &name)
                .await?;
            context
                .output
                .result(&versions, |versions| history(versions))?;
        }
        TableCommand::Restore {
            name,
            version,
            holder,
            note,
        } => {
            let edit = TableEdit::Restore(version);
            return change(context, name, holder, edit, note, false).await;
        }
        TableCommand::Unmapped { account, name } => {
            let keys = context
                .console()?
                .unmapped_keys(&account, name.as_deref(), &context.interrupted)
                .await?;
            context.output.result(&keys, |keys| unmapped(keys))?;
        }
        TableCommand::Seed(args) => {
            let input = SeedInput {
                account: args.account,
                name: args.name,
                resource: args.resource,
                key: args.key,
                value: args.value,
                unmapped: args.unmapped,
                dry_run: args.dry_run,
                note: args.note,
            };
            let filled = context
                .console()?
                .seed_table(input, &context.interrupted)
                .await?;
            context.output.result(&filled, seeded)?;
        }
        TableCommand::Preview {
            account,
            name,
            file,
            level,
            replace,
        } => {
            let entries = read_table(&read_file(&file)?)?;
            let input = TablePreviewInput {
                account,
                name,
                level: level.as_str().to_owned(),
                edit: TableEdit::Import { entries, replace },
            };
            let bar = CountBar::new("preview");
            let previewed = context
                .console()?
                .preview_table(
                    input,
                    |done, total| bar.show(done, total),
                    &context.interrupted,
                )
                .await;
            drop(bar);
            context
                .output
                .result(&previewed?, super::map_override::impact)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
