//! What of a connector changed since an account's owner approved where its secrets go. Nothing is sent until the change
//! is approved.

use crosswalk_connector::Definition;
use crosswalk_workspace::account::Account;
use serde::Serialize;
use specta::Type;

use crate::connect::connection::{approve, grant_kind};

/// A change of a connector's addresses or sign-in that waits for an approval. Where no address goes or comes, the way it
/// signs in has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ConnectorChange {
    pub connector: String,
    /// Origins that secrets went to and would not go to any more.
    pub gone: Vec<String>,
    /// Origins that secrets would go to besides.
    pub added: Vec<String>,
    /// Origins that stay.
    pub kept: Vec<String>,
    /// The hosts the connector declares now; none: any.
    pub hosts: Vec<String>,
    /// What keeps it from being approved as the account is, such as a host to be confirmed; null: nothing.
    pub obstacle: Option<String>,
}

/// Held against what was approved: which origins go, come and stay. Pure.
fn difference(before: &[String], after: &[String]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let of = |from: &[String], within: bool, other: &[String]| {
        from.iter()
            .filter(|origin| other.contains(origin) == within)
            .cloned()
            .collect::<Vec<_>>()
    };
    (
        of(before, false, after),
        of(after, false, before),
        of(after, true, before),
    )
}

/// What of its connector an account's owner has still to approve; none where it is as it was approved.
pub(super) fn of(account: &Account, definition: &Definition) -> Option<ConnectorChange> {
    if account.trust.trust_digest.as_deref() == Some(definition.trust_digest.as_str()) {
        return None;
    }
    let approved = grant_kind(definition, account)
        .and_then(|grant| approve(definition, grant, &account.config, &account.trust.hosts));
    let (origins, obstacle) = match approved {
        Ok(trust) => (trust.origins, None),
        // What is not known is not said to be gone.
        Err(fault) => (account.trust.origins.clone(), Some(fault.message)),
    };
    let (gone, added, kept) = difference(&account.trust.origins, &origins);
    let connector = &definition.connector;
    Some(ConnectorChange {
        connector: connector.label.clone(),
        gone,
        added,
        kept,
        hosts: connector.hosts.iter().map(ToString::to_string).collect(),
        obstacle,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_connector::GrantKind;
    use crosswalk_workspace::account::{self, Trust};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::ConnectionInput;
    use crate::accounts::test_account::{ACCOUNT, with_account};

    #[test]
    fn what_goes_comes_and_stays_is_told_apart() {
        let list =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        for (before, after, gone, added, kept) in [
            ("", "", "", "", ""),
            ("https://a", "https://a", "", "", "https://a"),
            ("https://a", "https://b", "https://a", "https://b", ""),
            (
                "https://a https://b",
                "https://b https://c",
                "https://a",
                "https://c",
                "https://b",
            ),
            ("", "https://a", "", "https://a", ""),
        ] {
            assert_eq!(
                difference(&list(before), &list(after)),
                (list(gone), list(added), list(kept)),
                "{before} / {after}"
            );
        }
    }

    #[tokio::test]
    async fn a_change_waits_for_its_approval_and_nothing_is_sent_meanwhile() {
        let home = tempfile::TempDir::new().unwrap();
        let address = "http://127.0.0.1:9".to_owned();
        let grant = GrantKind::ClientCredentials;
        let console = with_account(home.path(), grant, address, ("client", "s")).await;
        let waiting = || async { console.credentials(ACCOUNT).await.unwrap().connector_change };
        assert_eq!(waiting().await, None);

        let held = console.find_account(ACCOUNT).await.unwrap();
        let before = Trust {
            trust_digest: Some("0".repeat(64)),
            origins: vec!["https://old.example".to_owned()],
            ..held.trust
        };
        console
            .workspace()
            .write(move |tx| account::set_trust(tx, held.uuid, &before))
            .await
            .unwrap();
        let change = waiting().await.unwrap();
        assert_eq!(change.gone, ["https://old.example"]);
        assert_eq!(change.added, ["http://127.0.0.1:9"]);
        assert!(change.kept.is_empty() && change.obstacle.is_none());
        let renewed = console
            .renew_token(ACCOUNT, &CancellationToken::new())
            .await;
        assert_eq!(renewed.unwrap_err().code, "definition_changed");

        console
            .update_account(ACCOUNT, ConnectionInput::default(), true)
            .await
            .unwrap();
        assert_eq!(waiting().await, None);
    }
}
