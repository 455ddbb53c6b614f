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

    /// Lets a request about something of `tenant` through, or answers as if there were no such thing.
    ///
    /// # Errors
    /// `not_found`, as [`not_here`] says it.
    pub(crate) fn admit_to(&self, tenant: Option<&str>, noun: &str) -> Result<(), Fault> {
        if self.may_see(tenant.unwrap_or_default()) {
            Ok(())
        } else {
            Err(not_here(noun))
        }
    }

    /// Lets a request about a tenant through, or answers as if there were no such tenant.
    ///
    /// # Errors
    /// `not_found`: during a call not even the existence of another tenant is told.
    pub(crate) fn admit(&self, tenant: &str) -> Result<(), Fault> {
        self.admit_to(Some(tenant), "tenant")
    }

    /// What was found, or, during a call, one refusal for what there is not and for what is somebody else's: two would
    /// tell them apart.
    ///
    /// # Errors
    /// What `found` failed with; `not_found` as [`not_here`] says it.
    pub(crate) fn found<T>(&self, found: Result<T, Fault>, noun: &str) -> Result<T, Fault> {
        found.map_err(|fault| {
            if self.tenant().is_some() && fault.code == NOT_FOUND {
                not_here(noun)
            } else {
                fault
            }
        })
    }
}

const NOT_FOUND: &str = "not_found";

/// The refusal of a customer call. It does not repeat what was asked for: a way back in the window, or a notification
/// from before, asks for other tenants by their ids, and the answer is shown.
fn not_here(noun: &str) -> Fault {
    Fault::invalid(
        NOT_FOUND,
        format!("There is no such {noun} in this customer call."),
        "Leave the call to see the whole workspace.",
    )
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
        let refused = Audience::of("acme").admit_to(Some("globex"), "call");
        assert!(refused.is_err_and(|fault| !fault.message.contains("globex")));
        assert!(Audience::of("acme").admit_to(None, "call").is_err());
        assert!(Audience::default().admit_to(None, "call").is_ok());
        let rows = vec!["acme", "globex", "acme"];
        assert_eq!(Audience::of("acme").only(rows, |row| row), ["acme", "acme"]);
    }
    #[test]
    fn what_there_is_not_is_refused_like_what_is_somebody_elses_and_no_id_is_repeated() {
        let missing = || -> Result<(), Fault> {
            Err(Fault::invalid(
                "not_found",
                "There is no account globex-prod.",
                "Look at the list.",
            ))
        };
        let call = Audience::of("acme");
        let refused = call.admit_to(Some("globex"), "account");
        assert_eq!(call.found(missing(), "account"), refused);
        assert_eq!(
            call.admit("globex").map_err(|fault| fault.message),
            Err("There is no such tenant in this customer call.".to_owned())
        );
        assert_eq!(Audience::default().found(missing(), "account"), missing());
        let broken: Result<(), Fault> = Err(Fault::failed("busy", "It is busy.", "Try again."));
        assert_eq!(call.found(broken.clone(), "account"), broken);
        assert_eq!(call.found(Ok(7), "account"), Ok(7));
    }
}
