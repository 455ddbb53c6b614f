//! Deep links: `crosswalk://account/ID` leads to an account's screen and does nothing else.

use tauri::{AppHandle, Runtime};
use tauri_plugin_deep_link::DeepLinkExt as _;

use crate::events;

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

/// The account whose screen a place is; none for every other place.
pub(crate) fn account_of(place: &str) -> Option<&str> {
    place.strip_prefix(ACCOUNTS)
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !text.contains("..")
}

/// Follows links from now on, and the one the program was started with: that one the plugin reads before anybody can
/// listen, and tells of it only when asked (`tauri-plugin-deep-link` 2.6, `init_deep_link`).
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>) {
    let handle = app.clone();
    app.deep_link()
        .on_open_url(move |event| open(&handle, &event.urls()));
    match app.deep_link().get_current() {
        Ok(links) => open(app, &links.unwrap_or_default()),
        Err(error) => tracing::warn!(%error, "the link this was started with is not followed"),
    }
}

fn open<R: Runtime>(app: &AppHandle<R>, links: &[impl AsRef<str>]) {
    for place in links.iter().filter_map(|link| place(link.as_ref())) {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { events::lead(&app, &place).await });
    }
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
            let account = expected.map(|_| "acme-prod");
            assert_eq!(place(link).as_deref().and_then(account_of), account);
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
