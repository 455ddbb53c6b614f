//! Who looks at the screen: the engineer alone, or a customer during a call. The one place that decides what of which
//! tenant may cross to the window.

use crosswalk_console::Fault;

/// Whose data may be shown.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Audience(Option<String>);

impl Audience {
    /// A customer's people are looking on.
    pub(crate) fn of(tenant: &str) -> Self {
        Self(Some(tenant.to_owned()))
    }

    /// The tenant of the running customer call.
    pub(crate) fn tenant(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether something of this tenant may be shown. Slugs are told apart without regard to case.
    pub(crate) fn may_see(&self, tenant: &str) -> bool {
        self.tenant()
            .is_none_or(|held| held.eq_ignore_ascii_case(tenant))
    }

    /// What of a list may be shown; `tenant` names the owner of a row.
    pub(crate) fn only<T>(&self, rows: Vec<T>, tenant: impl Fn(&T) -> &str) -> Vec<T> {
        let mut rows = rows;
        rows.retain(|row| self.may_see(tenant(row)));
        rows
    }

    /// Lets a request about something of `tenant` through, or answers as if there were no such thing. The answer names
    /// what was asked for, and not whose it is.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn admit_to(&self, tenant: Option<&str>, noun: &str, id: &str) -> Result<(), Fault> {
        if self.may_see(tenant.unwrap_or_default()) {
            return Ok(());
        }
        Err(Fault::invalid(
            "not_found",
            format!("There is no {noun} {id} in this customer call."),
            "Leave the call to see the whole workspace.",
        ))
    }

    /// Lets a request about a tenant through, or answers as if there were no such tenant.
    ///
    /// # Errors
    /// `not_found`: during a call not even the existence of another tenant is told.
    pub(crate) fn admit(&self, tenant: &str) -> Result<(), Fault> {
        if self.may_see(tenant) {
            return Ok(());
        }
        Err(Fault::invalid(
            "not_found",
            format!("There is no tenant {tenant} in this customer call."),
            "Leave the call to see the whole workspace.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_shows_one_tenant_and_denies_the_others() {
        for (audience, tenant, seen) in [
            (Audience::default(), "acme", true),
            (Audience::of("acme"), "acme", true),
            (Audience::of("acme"), "ACME", true),
            (Audience::of("acme"), "globex", false),
            (Audience::of("acme"), "", false),
        ] {
            assert_eq!(audience.may_see(tenant), seen, "{audience:?} {tenant}");
            assert_eq!(audience.admit(tenant).is_ok(), seen);
        }
        let refused = Audience::of("acme").admit_to(Some("globex"), "call", "7");
        assert!(refused.is_err_and(|fault| !fault.message.contains("globex")));
        assert!(Audience::of("acme").admit_to(None, "call", "7").is_err());
        assert!(Audience::default().admit_to(None, "call", "7").is_ok());
        let rows = vec!["acme", "globex", "acme"];
        assert_eq!(Audience::of("acme").only(rows, |row| row), ["acme", "acme"]);
    }
}
