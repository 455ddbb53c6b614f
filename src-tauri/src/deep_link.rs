//! Deep links: `crosswalk://account/ID` leads to an account's screen and does nothing else.

use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_deep_link::DeepLinkExt as _;

use crate::{Shell, events};

/// Where accounts' screens are.
const ACCOUNTS: &str = "/accounts/";

/// The place a link leads to; none for a link that is not one of ours. Anybody can make somebody click a link, so that
/// only ids of the form we make are taken, and nothing but the place is.
pub(crate) fn place(link: &str) -> Option<String> {
    let id = link.strip_prefix("crosswalk://account/")?;
    let id = id.strip_suffix('/').unwrap_or(id);
    is_id(id).then(|| account_place(id))
}

/// Where an account's screen is.
pub(crate) fn account_place(id: &str) -> String {
    format!("{ACCOUNTS}{id}")
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !text.contains("..")
}

/// Follows links from now on, and the one the program was started with.
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>) {
    let handle = app.clone();
    app.deep_link().on_open_url(move |event| {
        for link in event.urls() {
            let Some(place) = place(link.as_str()) else {
                continue;
            };
            let handle = handle.clone();
            tauri::async_runtime::spawn(async move {
                // With a customer looking on, an account of somebody else is not even named.
                let account = place.trim_start_matches(ACCOUNTS);
                let shell = handle.state::<Shell>();
                let may_go =
                    shell.audience().tenant().is_none() || shell.console_of(account).await.is_ok();
                events::show(&handle, may_go.then_some(place.as_str()));
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_accounts_lead_anywhere() {
        for (link, expected) in [
            ("crosswalk://account/acme-prod", Some("/accounts/acme-prod")),
            (
                "crosswalk://account/acme-prod/",
                Some("/accounts/acme-prod"),
            ),
            ("crosswalk://account/", None),
            ("crosswalk://account/a/b", None),
            ("crosswalk://account/..", None),
            ("crosswalk://account/%2e%2e", None),
            ("crosswalk://account/a?x=1", None),
            ("crosswalk://settings", None),
            ("https://account/acme", None),
            ("crosswalk://account/acme<script>", None),
            ("crosswalk://account/acme#/settings", None),
            ("crosswalk://account//acme", None),
            ("crosswalk://account/acme/../../settings", None),
            ("crosswalk://account\\acme", None),
            ("crosswalk://account@evil.example/acme", None),
            ("crosswalk://account:80/acme", None),
            ("crosswalk://ACCOUNT/acme", None),
            ("crosswalk://account/acme\n", None),
            ("crosswalk://account/acme%00", None),
            ("crosswalk://account/\u{430}cme", None),
            ("crosswalk://account/acme?renew=1&revoke=1", None),
            ("javascript:alert(1)//crosswalk://account/acme", None),
            ("file:///etc/passwd", None),
        ] {
            assert_eq!(place(link).as_deref(), expected, "{link}");
        }
    }

    proptest::proptest! {
        /// Whatever a link says, all it can do is show the screen of an account with an id that could be one.
        #[test]
        fn no_link_leads_anywhere_else(rest in "(account/)?[ -~\u{0}-\u{1f}é\u{202e}]{0,80}", scheme in "(crosswalk://|crosswalk:|https://|)") {
            let Some(place) = place(&format!("{scheme}{rest}")) else { return Ok(()) };
            let id = place.strip_prefix("/accounts/").unwrap_or_default();
            proptest::prop_assert!(is_id(id), "{}", place);
            proptest::prop_assert!(!id.contains(['/', '?', '#', '%', '\\', ':']), "{}", place);
        }
    }
}
