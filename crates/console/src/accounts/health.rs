//! How an account has been doing, with the next step of what is wrong.

use crosswalk_client::Permission;
use crosswalk_workspace::account::{Account, Forbidden};

use crate::fault::sources::sentence;
use crate::views::{ErrorView, ForbiddenView, HealthView};

fn forbidden_view(account: &Account, forbidden: &Forbidden) -> ForbiddenView {
    let resource = forbidden.resource.clone().unwrap_or_default();
    // What was asked for is granted where the provider does not say (RFC 6749, 5.1).
    let held = account
        .scopes_granted
        .as_ref()
        .unwrap_or(&account.scopes_asked);
    let permission = Permission::judge(forbidden.scope.as_deref(), &[], held);
    let what = if resource.is_empty() {
        "a request"
    } else {
        resource.as_str()
    };
    ForbiddenView {
        message: format!("The provider refuses {what}, {permission}."),
        hint: permission.hint(),
        missing_scopes: forbidden.scope.clone().into_iter().collect(),
        occurred_at: forbidden.at,
        resource,
    }
}

/// What an account's health comes to.
pub(crate) fn health_view(account: &Account) -> HealthView {
    let health = &account.health;
    HealthView {
        healthy: !health.is_unhealthy(),
        failed_runs: health.failed_runs,
        last_success_at: health.last_success_at,
        last_error: health.last_error.as_ref().map(|error| ErrorView {
            code: error.code.clone(),
            message: sentence(&error.message),
            hint: error.hint.clone(),
            at: Some(error.at),
        }),
        last_forbidden: health
            .last_forbidden
            .as_ref()
            .map(|forbidden| forbidden_view(account, forbidden)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_connector::GrantKind;
    use crosswalk_workspace::account;

    use crate::accounts::test_account::{ACCOUNT, with_account};

    #[tokio::test]
    async fn what_is_wrong_with_an_account_comes_with_the_next_step() {
        let home = tempfile::tempdir().unwrap();
        let (address, client) = ("http://127.0.0.1:9".to_owned(), ("client", "s"));
        let grant = GrantKind::ClientCredentials;
        let console = with_account(home.path(), grant, address, client).await;
        let uuid = console.find_account(ACCOUNT).await.unwrap().uuid;
        console
            .workspace()
            .write(move |tx| {
                account::record_error(tx, uuid, "timeout", "no answer", Some("Try again."))?;
                account::record_forbidden(tx, uuid, Some("core.tax.read"), Some("tax_codes"))
            })
            .await
            .unwrap();
        let health = console.account(ACCOUNT).await.unwrap().health;
        let error = health.last_error.unwrap();
        assert_eq!(
            (error.message.as_str(), error.hint.as_deref()),
            ("No answer.", Some("Try again."))
        );
        let forbidden = health.last_forbidden.unwrap();
        assert_eq!(
            forbidden.message,
            "The provider refuses tax_codes, the scope core.tax.read is missing."
        );
        assert!(
            forbidden.hint.contains("core.tax.read"),
            "{}",
            forbidden.hint
        );
    }
}
