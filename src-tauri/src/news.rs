//! Telling the window what changed about tenants, accounts, alerts and mappings, whichever process changed it.

use std::time::Duration;

use crosswalk_console::{Console, News, Pulse};
use tauri::{AppHandle, Manager, Runtime};

use crate::Shell;
use crate::audience::Audience;
use crate::events::{self, AlertsChanged, HealthChanged, MappingsChanged};
use crate::tray;

/// Between two looks: what is told comes at most so often, and a look at an unchanged workspace costs microseconds.
const EVERY: Duration = Duration::from_millis(400);

/// How long to wait after a look that failed.
const AFTER_A_FAILURE: Duration = Duration::from_secs(10);

/// Tells the window until the program ends.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) {
    let Ok(console) = app.state::<Shell>().console().cloned() else {
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match console.pulse().await {
                Ok(pulse) => follow(&app, &console, pulse).await,
                Err(fault) => tracing::warn!(code = fault.code, "{}", fault.message),
            }
            tokio::time::sleep(AFTER_A_FAILURE).await;
        }
    });
}

async fn follow<R: Runtime>(app: &AppHandle<R>, console: &Console, mut pulse: Pulse) {
    loop {
        tokio::time::sleep(EVERY).await;
        match pulse.feel().await {
            Ok(news) if news.is_empty() => {}
            Ok(news) => tell(app, console, &news).await,
            Err(fault) => {
                tracing::warn!(code = fault.code, "{}", fault.message);
                return;
            }
        }
    }
}

async fn tell<R: Runtime>(app: &AppHandle<R>, console: &Console, news: &News) {
    let shell = app.state::<Shell>();
    let accounts = told(news, &shell.audience());
    if news.tenants || !accounts.is_empty() {
        events::tell(app, &HealthChanged { accounts });
    }
    if news.alerts {
        events::tell(app, &AlertsChanged {});
    }
    if news.mappings {
        events::tell(app, &MappingsChanged {});
    }
    // A run that ended or a mapping that was saved may have made something due.
    shell.waker.wake();
    tray::refresh(app, console).await;
}

/// The accounts that may be named: during a customer call those of its tenant.
fn told(news: &News, audience: &Audience) -> Vec<String> {
    news.accounts
        .iter()
        .filter(|one| audience.may_see(&one.tenant))
        .map(|one| one.account.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_console::{AccountNews, ConnectionInput, NewAccount, Secret, TenantChanges};
    use crosswalk_workspace::{OpenOptions, Workspace, account, alert};
    use serde_json::json;
    use tauri::async_runtime::block_on;

    use super::*;
    use crate::stage::Stage;

    /// An account of a tenant of its own.
    fn add_account(console: &Console, tenant: &str) {
        block_on(console.add_tenant(tenant, None, None)).unwrap();
        let account = NewAccount {
            id: format!("{tenant}-test"),
            tenant: tenant.to_owned(),
            connector: "coupa".to_owned(),
            kind: "sandbox",
            environment: None,
            grant: None,
            purpose: "read",
            connection: ConnectionInput {
                config: vec![("instance_url".to_owned(), "http://127.0.0.1:9".to_owned())],
                client_id: Some("client".to_owned()),
                client_secret: Some(Secret::from("secret".to_owned())),
                ..ConnectionInput::default()
            },
        };
        block_on(console.add_account(account)).unwrap();
    }

    #[test]
    fn the_window_is_told_of_accounts_and_alerts_that_changed() {
        let stage = Stage::new();
        let console = stage.console();
        add_account(&console, "acme");
        let (health, alerts) = (stage.hears("health-changed"), stage.hears("alerts-changed"));
        start(stage.app());
        health.first_of(|turn| {
            let name = format!("Acme {turn}");
            let changes = TenantChanges {
                name: Some(name),
                ..TenantChanges::default()
            };
            block_on(console.update_tenant("acme", changes)).unwrap();
        });
        assert!(alerts.all().is_empty(), "there are none");
        // Another program raises one.
        let other = Workspace::open(stage.folder(), &OpenOptions::new("test")).unwrap();
        let raised = other.write_blocking(|tx| {
            let held = account::get(tx, "acme-test")?;
            let kind = alert::kind::NEEDS_REAUTH;
            alert::raise(tx, held.uuid, kind, "The client was refused.", None)
        });
        raised.unwrap();
        assert_eq!(alerts.first(), json!({}));
    }

    #[test]
    fn a_customer_hears_of_their_own_accounts() {
        let one = |account: &str, tenant: &str| AccountNews {
            account: account.to_owned(),
            tenant: tenant.to_owned(),
        };
        let news = News {
            accounts: vec![one("acme-prod", "acme"), one("globex-prod", "globex")],
            ..News::default()
        };
        assert_eq!(told(&news, &Audience::default()).len(), 2);
        assert_eq!(told(&news, &Audience::of("acme")), ["acme-prod"]);
    }
}
