//! Connectors.

use std::collections::BTreeMap;

use crosswalk_console::{AccountSummary, ConnectorCard, ConnectorForm, Fault, ScopeAdvice};
use tauri::State;

use crate::Shell;

/// The catalogue.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_connectors(shell: State<'_, Shell>) -> Result<Vec<ConnectorCard>, Fault> {
    let console = shell.console()?;
    let (mut cards, audience) = (console.connector_cards().await?, shell.audience());
    if audience.tenant().is_some() {
        // How many accounts others have is nothing for those who look on.
        let accounts = console.account_summaries().await?;
        let accounts = audience.only(accounts, |account| &account.tenant);
        for card in &mut cards {
            let name = &card.connector.name;
            let of = |account: &&AccountSummary| account.connector == *name;
            card.accounts = accounts.iter().filter(of).count();
        }
    }
    Ok(cards)
}

/// What connecting an account of a connector asks for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connector(
    shell: State<'_, Shell>,
    name: String,
) -> Result<ConnectorForm, Fault> {
    shell.console()?.connector_form(&name)
}

/// The message to the customer's administrator.
#[tauri::command]
#[specta::specta]
pub(crate) async fn admin_message(
    shell: State<'_, Shell>,
    account: String,
) -> Result<String, Fault> {
    shell
        .console_of(&account)
        .await?
        .admin_request(&account)
        .await
}

/// The message to the customer's administrator for an account that is not added yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn admin_message_draft(
    shell: State<'_, Shell>,
    connector: String,
    grant: Option<String>,
    scopes: Vec<String>,
    config: BTreeMap<String, String>,
    tenant: Option<String>,
    account: Option<String>,
) -> Result<String, Fault> {
    if let Some(tenant) = &tenant {
        shell.audience().admit(tenant)?;
    }
    let config = config.into_iter().collect();
    shell
        .console()?
        .admin_request_draft(
            &connector,
            grant.as_deref(),
            &scopes,
            &config,
            tenant.as_deref(),
            account.as_deref(),
        )
        .await
}

/// Approves a workspace connector that would take a built-in one's place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn approve_connector(shell: State<'_, Shell>, name: String) -> Result<(), Fault> {
    shell.console()?.approve_connector(&name).await
}

/// Which scopes to ask for to sync `resources`, and what is to be said about a pasted list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scope_advice(
    shell: State<'_, Shell>,
    connector: String,
    resources: Vec<String>,
    pasted: Option<String>,
    purpose: String,
    grant: Option<String>,
) -> Result<ScopeAdvice, Fault> {
    shell.console()?.scope_advice(
        &connector,
        &resources,
        pasted.as_deref(),
        &purpose,
        grant.as_deref(),
    )
}
