//! What the window remembers between two openings: one text whose meaning is the window's. Only whom a value concerns is
//! known here, by its name, because a customer call keeps tenants apart.

use crosswalk_workspace::{account, window_state};
use serde_json::{Map, Value};

use crate::{Console, Fault};

/// More than a window has to remember; drafts of expressions are the largest part.
const MOST_BYTES: usize = 1024 * 1024;

fn too_large() -> Fault {
    Fault::invalid(
        "too_large",
        "The window's state is larger than 1 MiB.",
        "Save or discard some drafts.",
    )
}

/// A tenant with its accounts, by their slugs.
struct Owner {
    tenant: String,
    accounts: Vec<String>,
}

impl Owner {
    fn is(&self, tenant: &str) -> bool {
        self.tenant.eq_ignore_ascii_case(tenant)
    }

    /// Whether a value of this name is about the tenant: `draft:tenant:TENANT`, `draft:connect:CONNECTOR:TENANT`, and
    /// else `WHAT:ACCOUNT`, whatever follows. What is about nobody, such as the width of a pane, is not.
    fn is_meant_by(&self, name: &str) -> bool {
        let mut parts = name.split(':');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("draft"), Some("tenant"), Some(tenant), None)
            | (Some("draft"), Some("connect"), Some(_), Some(tenant)) => self.is(tenant),
            (Some(_), Some(account), ..) => self.accounts.iter().any(|own| own == account),
            _ => false,
        }
    }
}

fn read(state: Option<&str>) -> Map<String, Value> {
    state
        .and_then(|state| serde_json::from_str(state).ok())
        .unwrap_or_default()
}

/// What of a state is about one tenant.
fn only_of(owner: &Owner, state: Option<&str>) -> String {
    let mut state = read(state);
    state.retain(|name, _| owner.is_meant_by(name));
    Value::Object(state).to_string()
}

/// What is remembered: about one tenant as it is `now`, and the rest as it was before.
fn merged(owner: &Owner, before: Option<&str>, now: &str) -> String {
    let mut state = read(before);
    state.retain(|name, _| !owner.is_meant_by(name));
    let own = read(Some(now));
    state.extend(own.into_iter().filter(|(name, _)| owner.is_meant_by(name)));
    Value::Object(state).to_string()
}

impl Console {
    /// What the window saved last; where a tenant is named only what is about it.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn ui_state(&self, tenant: Option<&str>) -> Result<Option<String>, Fault> {
        let saved = self.workspace().read(window_state::get).await?;
        Ok(match tenant {
            Some(tenant) => Some(only_of(&self.owner(tenant).await?, saved.as_deref())),
            None => saved,
        })
    }

    /// Saves what the window is to remember; where a tenant is named only what is about it, and the rest stays.
    ///
    /// # Errors
    /// `too_large` over 1 MiB, `invalid_input` for what is not JSON.
    pub async fn save_ui_state(&self, tenant: Option<&str>, state: String) -> Result<(), Fault> {
        if state.len() > MOST_BYTES {
            return Err(too_large());
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(&state).is_err() {
            return Err(Fault::invalid(
                "invalid_input",
                "The window's state is not JSON.",
                "Please report this.",
            ));
        }
        let owner = match tenant {
            Some(tenant) => Some(self.owner(tenant).await?),
            None => None,
        };
        let fits = self
            .workspace()
            .write(move |tx| {
                let state = match owner {
                    Some(owner) => merged(&owner, window_state::get(tx)?.as_deref(), &state),
                    None => state,
                };
                let fits = state.len() <= MOST_BYTES;
                if fits {
                    window_state::set(tx, &state)?;
                }
                Ok(fits)
            })
            .await?;
        if fits { Ok(()) } else { Err(too_large()) }
    }

    async fn owner(&self, tenant: &str) -> Result<Owner, Fault> {
        let mut owner = Owner {
            tenant: tenant.to_owned(),
            accounts: Vec::new(),
        };
        let accounts = self.workspace().read(account::list).await?;
        owner.accounts = accounts
            .into_iter()
            .filter(|account| owner.is(&account.tenant))
            .map(|account| account.slug)
            .collect();
        Ok(owner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    fn acme() -> Owner {
        Owner {
            tenant: "acme".to_owned(),
            accounts: vec!["acme-prod".to_owned(), "invoices".to_owned()],
        }
    }

    #[test]
    fn a_value_is_about_the_tenant_its_name_says() {
        for (name, expected) in [
            ("draft:acme-prod:procurement/invoice:invoices:number", true),
            ("resource:acme-prod", true),
            ("columns:invoices:invoices", true),
            ("draft:tenant:acme", true),
            ("draft:tenant:ACME", true),
            ("draft:connect:acme:acme", true),
            ("draft:connect:acme", false),
            ("draft:connect:acme:globex", false),
            ("draft:tenant:globex", false),
            ("columns:globex-prod:invoices", false),
            ("draft:acme:x", false),
            ("place", false),
            ("recent", false),
            ("panes:explore", false),
            ("", false),
        ] {
            assert_eq!(acme().is_meant_by(name), expected, "{name}");
        }
    }

    #[test]
    fn a_customer_call_changes_what_is_about_its_tenant_and_nothing_else() {
        let before = json!({
            "place": "/accounts/globex-prod",
            "draft:globex-prod:m:r:f": "theirs",
            "draft:acme-prod:m:r:f": "ours",
            "draft:acme-prod:tables": "saved meanwhile",
        });
        let now = json!({
            "place": "/accounts/acme-prod",
            "draft:globex-prod:m:r:f": "changed",
            "draft:acme-prod:m:r:f": "ours, typed in the call",
        });
        let saved = merged(&acme(), Some(&before.to_string()), &now.to_string());
        let saved: Value = serde_json::from_str(&saved).unwrap();
        assert_eq!(
            saved,
            json!({
                "place": "/accounts/globex-prod",
                "draft:globex-prod:m:r:f": "theirs",
                "draft:acme-prod:m:r:f": "ours, typed in the call",
            })
        );
        let shown = only_of(&acme(), Some(&before.to_string()));
        assert!(
            !shown.contains("globex") && shown.contains("ours"),
            "{shown}"
        );
        for state in [None, Some("null"), Some("{")] {
            assert_eq!(only_of(&acme(), state), "{}");
            assert_eq!(merged(&acme(), state, "[]"), "{}");
        }
    }
}
