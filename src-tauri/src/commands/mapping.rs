//! The mapping studio: a model's fields, drafts and what they change, versions, pins, bundles, accounts side by side.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crosswalk_console::{
    Completions, DraftInput, DraftResult, Fault, Impact, Lint, MappingTable, OverrideChange,
    OverrideInput, OverrideTarget, OverrideVersion, PreviewInput, TableChange, TableEdit,
    TablePreviewInput, UnreadFields,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::State;
use tauri::ipc::Channel;
use tokio_util::sync::CancellationToken;

use crate::Shell;

/// Progress is told at most this often.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Impacts that are running, by the id the window gave them; the number tells two with one id apart.
static RUNNING: LazyLock<Mutex<HashMap<String, (u64, CancellationToken)>>> =
    LazyLock::new(Mutex::default);

/// The number of the impact begun last.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// How far an impact is.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ImpactProgress {
    done: u32,
    total: u32,
}

/// Which override, as the window names it.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct Which {
    /// `environment` or `account`.
    level: String,
    scope: String,
    model: String,
    /// Null: every resource of the model.
    resource: Option<String>,
    /// A unified field, or a filter with `request`.
    field: String,
    /// What is overridden is what a filter asks the provider for.
    #[serde(default)]
    request: bool,
}

impl From<Which> for OverrideTarget {
    fn from(which: Which) -> Self {
        Self {
            level: which.level,
            scope: which.scope,
            model: which.model,
            resource: which.resource,
            field: which.field,
            request: which.request,
        }
    }
}

/// A draft, as the window names it.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct Draft {
    account: String,
    model: String,
    resource: Option<String>,
    field: String,
    /// Null takes the field away.
    expression: Option<String>,
    level: String,
    /// For a field that is to be added to the model.
    field_type: Option<String>,
}

fn change(expression: Option<String>, field_type: Option<String>) -> OverrideChange {
    match expression {
        Some(expression) => OverrideChange::Set {
            expression,
            field_type,
        },
        None => OverrideChange::Remove,
    }
}

/// A token that `cancel_impact` finds, and that goes when the impact is over.
pub(super) struct Cancel {
    id: String,
    number: u64,
    token: CancellationToken,
}

impl Cancel {
    pub(super) fn token(&self) -> &CancellationToken {
        &self.token
    }

    pub(super) fn new(id: String) -> Self {
        let token = CancellationToken::new();
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, before)) = running.insert(id.clone(), (number, token.clone())) {
            before.cancel();
        }
        Self { id, number, token }
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        // Another with the same id may have begun meanwhile, and is still to be found.
        let ours = running
            .get(&self.id)
            .is_some_and(|(number, _)| *number == self.number);
        if ours {
            running.remove(&self.id);
        }
    }
}

pub(super) fn tell(channel: Channel<ImpactProgress>) -> impl FnMut(u32, u32) + Send {
    let mut last: Option<Instant> = None;
    move |done, total| {
        let due = last.is_none_or(|last| last.elapsed() >= TELL_EVERY);
        if due || done >= total {
            last = Some(Instant::now());
            // A window that is gone needs no progress.
            let _ = channel.send(ImpactProgress { done, total });
        }
    }
}

/// During a customer call an environment is out of reach: it is shared with other tenants.
pub(super) async fn console_at<'s>(
    shell: &'s State<'_, Shell>,
    level: &str,
    scope: &str,
) -> Result<&'s crosswalk_console::Console, Fault> {
    if level == "account" {
        shell.console_of(scope).await
    } else {
        shell.console_unless_called()
    }
}

/// A model's fields with their levels.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mapping_table(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
) -> Result<MappingTable, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .mapping_table(&account, &model, resource.as_deref())
        .await
}

/// Tries a draft on one record: a stored one, a pasted sample, or the first there is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn evaluate_draft(
    shell: State<'_, Shell>,
    draft: Draft,
    record: Option<String>,
    sample: Option<String>,
) -> Result<DraftResult, Fault> {
    let console = shell.console_of(&draft.account).await?;
    console
        .evaluate_draft(DraftInput {
            account: draft.account,
            model: draft.model,
            resource: draft.resource,
            field: draft.field,
            expression: draft.expression.unwrap_or_else(|| "null".to_owned()),
            level: draft.level,
            field_type: draft.field_type,
            record,
            sample,
        })
        .await
}

/// What a draft changes over all stored records; answers when all are looked at. `id` is the window's, for cancelling;
/// another with the same id ends the one before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_impact(
    shell: State<'_, Shell>,
    id: String,
    draft: Draft,
    channel: Channel<ImpactProgress>,
) -> Result<Impact, Fault> {
    let console = shell.console_of(&draft.account).await?;
    let cancel = Cancel::new(id);
    let input = PreviewInput {
        account: draft.account,
        model: draft.model,
        resource: draft.resource,
        field: draft.field,
        level: draft.level,
        change: change(draft.expression, draft.field_type),
        samples: None,
    };
    console.preview(input, tell(channel), cancel.token()).await
}

/// What changes of a table do to all stored records.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_table_impact(
    shell: State<'_, Shell>,
    id: String,
    account: String,
    table: String,
    level: String,
    changes: Vec<TableChange>,
    channel: Channel<ImpactProgress>,
) -> Result<Impact, Fault> {
    let console = shell.console_of(&account).await?;
    let cancel = Cancel::new(id);
    let input = TablePreviewInput {
        account,
        name: table,
        level,
        edit: TableEdit::Change(changes),
    };
    console
        .preview_table(input, tell(channel), cancel.token())
        .await
}

/// Ends an impact; one that is over already is no fault.
#[tauri::command]
#[specta::specta]
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "the shape every command has"
)]
pub(crate) fn cancel_impact(id: String) -> Result<(), Fault> {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, token)) = running.get(&id) {
        token.cancel();
    }
    Ok(())
}

async fn save(
    shell: &State<'_, Shell>,
    which: Which,
    change: OverrideChange,
    note: Option<String>,
    force: bool,
) -> Result<OverrideVersion, Fault> {
    let console = console_at(shell, &which.level, &which.scope).await?;
    console
        .override_field(OverrideInput {
            target: which.into(),
            change,
            note,
            force,
        })
        .await
}

/// Saves a draft as a version. The fault `required_field_fails` asks; `force` answers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_override(
    shell: State<'_, Shell>,
    which: Which,
    expression: Option<String>,
    field_type: Option<String>,
    note: Option<String>,
    force: bool,
) -> Result<OverrideVersion, Fault> {
    save(&shell, which, change(expression, field_type), note, force).await
}

/// Takes an override back, so that the levels below hold.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unset_override(
    shell: State<'_, Shell>,
    which: Which,
    note: Option<String>,
    force: bool,
) -> Result<OverrideVersion, Fault> {
    save(&shell, which, OverrideChange::Inherit, note, force).await
}

/// Every version of an override, the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn override_history(
    shell: State<'_, Shell>,
    which: Which,
) -> Result<Vec<OverrideVersion>, Fault> {
    let console = console_at(&shell, &which.level, &which.scope).await?;
    console.override_history(&which.into()).await
}

/// Brings a version back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_override(
    shell: State<'_, Shell>,
    which: Which,
    version: u32,
    note: Option<String>,
    force: bool,
) -> Result<OverrideVersion, Fault> {
    let change = OverrideChange::Restore(u64::from(version));
    save(&shell, which, change, note, force).await
}

/// Takes a version back that was just saved: what the level said before it holds again. The fault `override_changed`
/// says that something else was said since.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_override(
    shell: State<'_, Shell>,
    which: Which,
    version: u32,
) -> Result<OverrideVersion, Fault> {
    let change = OverrideChange::TakeBack(u64::from(version));
    save(&shell, which, change, None, true).await
}

/// What can be typed in an expression.
#[tauri::command]
#[specta::specta]
pub(crate) async fn completions(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
) -> Result<Completions, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .completions(&account, &model, resource.as_deref())
        .await
}

/// What to look at in an expression, with changes that answer it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lint_expression(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
    field: String,
    expression: String,
    field_type: Option<String>,
) -> Result<Vec<Lint>, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .lint_expression(
            &account,
            &model,
            resource.as_deref(),
            &field,
            &expression,
            field_type.as_deref(),
        )
        .await
}

/// What all stored records hold and no expression reads, most often filled first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unread_fields(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
) -> Result<UnreadFields, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .unread_fields(&account, &model, resource.as_deref())
        .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_impact_that_ends_late_leaves_the_newer_one_of_its_id_to_be_cancelled() {
        let id = "the id of a test";
        let older = Cancel::new(id.to_owned());
        let newer = Cancel::new(id.to_owned());
        assert!(older.token().is_cancelled(), "the newer one ends it");
        drop(older);
        cancel_impact(id.to_owned()).unwrap();
        assert!(newer.token().is_cancelled());
        drop(newer);
        assert!(!RUNNING.lock().unwrap().contains_key(id));
    }
}
