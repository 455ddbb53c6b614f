//! Deep links: `crosswalk://account/ID` leads to an account's screen and does nothing else.

use tauri::{AppHandle, Runtime};
use tauri_plugin_deep_link::DeepLinkExt as _;

use crate::events;

/// The place a link leads to; none for a link that is not one of ours. Anybody can make somebody click a link, so that
/// only ids of the form we make are taken, and nothing but the place is.
pub(crate) fn place(link: &str) -> Option<String> {
    let id = link.strip_prefix("crosswalk://account/")?;
    let id = id.strip_suffix('/').unwrap_or(id);
    is_id(id).then(|| account_place(id))
}

/// Where an account's screen is.
pub(crate) fn account_place(id: &str) -> String {
    format!("/accounts/{id}")
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
            if let Some(place) = place(link.as_str()) {
                events::show(&handle, Some(&place));
            }
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
        ] {
            assert_eq!(place(link).as_deref(), expected, "{link}");
        }
    }
}
