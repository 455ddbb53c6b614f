//! What a person types before something of a production account ends.

use crosswalk_console::{AccountView, Fault};

/// Lets through what is about a sandbox, or whose account's id was typed.
///
/// # Errors
/// `not_confirmed`: nothing was changed.
pub(super) fn confirmed(account: &AccountView, typed: Option<&str>) -> Result<(), Fault> {
    if account.kind == "sandbox" || typed.map(str::trim) == Some(account.id.as_str()) {
        return Ok(());
    }
    Err(Fault::invalid(
        "not_confirmed",
        format!(
            "{} is production and its name was not typed; nothing was changed.",
            account.id
        ),
        "Type the account's id as it is shown.",
    ))
}
