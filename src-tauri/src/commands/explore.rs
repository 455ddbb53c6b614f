//! Exploring an account's records.

use crosswalk_console::{
    ColumnView, Compared, FailingSearch, Fault, FieldTotal, FilterValue, FilterView,
    ProjectionOpened, ProjectionPage, ProjectionQuery, ProviderAnswer, ProviderFilter, RecordPlace,
    RecordsAround, ResourceRow, UnifiedAnswer, UnifiedQuery,
};
use tauri::State;
use tauri::ipc::Channel;
use tokio_util::sync::CancellationToken;

use super::mapping::{Cancel, ImpactProgress, tell};
use crate::Shell;

/// Records a query of the window brings at most; a page of most providers.
const LISTED: u32 = 50;

/// The resources of an account: what is stored of each, and what its list can be asked by.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resources(
    shell: State<'_, Shell>,
    account: String,
) -> Result<Vec<ResourceRow>, Fault> {
    shell.console_of(&account).await?.resources(&account).await
}

/// The raw paths that can be columns, suggested ones first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn columns(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
) -> Result<Vec<ColumnView>, Fault> {
    shell
        .console_of(&account)
        .await?
        .columns(&account, &resource)
        .await
}

/// Begins to decrypt columns of a resource's records in the background.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_projection(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    columns: Vec<String>,
) -> Result<ProjectionOpened, Fault> {
    shell
        .console_of(&account)
        .await?
        .open_projection(&account, &resource, columns)
        .await
}

/// Some rows of what is decrypted so far.
#[tauri::command]
#[specta::specta]
pub(crate) async fn projection_page(
    shell: State<'_, Shell>,
    projection: String,
    query: ProjectionQuery,
) -> Result<ProjectionPage, Fault> {
    let account = shell.console()?.account_of_projection(&projection)?;
    shell
        .console_of_what_is_of(&account, "projection")
        .await?
        .projection_page(&projection, &query)
}

/// Lets go of a projection.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_projection(
    shell: State<'_, Shell>,
    projection: String,
) -> Result<(), Fault> {
    shell.console()?.close_projection(&projection);
    Ok(())
}

/// The records before and after one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn record_ids(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    around: RecordsAround,
) -> Result<RecordPlace, Fault> {
    shell
        .console_of(&account)
        .await?
        .record_ids(&account, &resource, around)
        .await
}

/// How the fields of a model come out over every stored record. `id` is the window's, for cancelling.
#[tauri::command]
#[specta::specta]
pub(crate) async fn field_totals(
    shell: State<'_, Shell>,
    id: String,
    account: String,
    model: String,
    resource: String,
    channel: Channel<ImpactProgress>,
) -> Result<Vec<FieldTotal>, Fault> {
    let console = shell.console_of(&account).await?;
    let cancel = Cancel::new(id);
    console
        .field_totals(&account, &model, &resource, tell(channel), cancel.token())
        .await
}

/// The next record in which a field fails; null where it fails in no other. `id` is the window's, for cancelling.
#[tauri::command]
#[specta::specta]
pub(crate) async fn next_failing(
    shell: State<'_, Shell>,
    id: String,
    search: FailingSearch,
    channel: Channel<ImpactProgress>,
) -> Result<Option<String>, Fault> {
    let console = shell.console_of(&search.account).await?;
    let cancel = Cancel::new(id);
    console
        .next_failing(search, tell(channel), cancel.token())
        .await
}

/// One page of the provider's own list under its own operators.
#[tauri::command]
#[specta::specta]
pub(crate) async fn query_provider(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    filters: Vec<ProviderFilter>,
) -> Result<ProviderAnswer, Fault> {
    shell
        .console_of(&account)
        .await?
        .query_provider(&account, &resource, filters, &CancellationToken::new())
        .await
}

/// The filters a unified list can be asked by.
#[tauri::command]
#[specta::specta]
pub(crate) async fn model_filters(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: String,
) -> Result<Vec<FilterView>, Fault> {
    shell
        .console_of(&account)
        .await?
        .model_filters(&account, &model, Some(&resource))
        .await
}

/// Records that match unified filters, and perhaps conditions of the provider's own.
#[tauri::command]
#[specta::specta]
pub(crate) async fn query_unified(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: String,
    filters: Vec<FilterValue>,
    native: Vec<ProviderFilter>,
) -> Result<UnifiedAnswer, Fault> {
    let query = UnifiedQuery {
        account: account.clone(),
        model,
        resource: Some(resource),
        filters,
        native,
        limit: LISTED,
    };
    shell
        .console_of(&account)
        .await?
        .query_unified(query, &CancellationToken::new())
        .await
}

/// Reads one record whole from the provider.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_missing(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    id: String,
) -> Result<Compared, Fault> {
    shell
        .console_of(&account)
        .await?
        .fetch_missing(&account, &resource, &id, &CancellationToken::new())
        .await
}
