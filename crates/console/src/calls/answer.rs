//! The body of an answer as it may be shown and kept: what the connector masks or never stores is replaced wherever it
//! stands, secrets are taken out, and only the beginning of a long one is shown.

use std::future::Future;

use crosswalk_client::{ClientError, KeptAnswer};
use crosswalk_connector::Definition;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::AccountId;
use crosswalk_workspace::call_answer::SealedAnswer;

use crate::Fault;
use crate::raw::marks::{Marks, Rules};
use crate::raw::rows::RawView;
use crate::raw::tree::RawTree;

/// Bytes of a body that are shown.
const MOST_SHOWN: usize = 64 * 1024;
/// Bytes that are shown of a refusal that is no JSON: an error page says what is wrong at its beginning.
const MOST_OF_A_REFUSAL: usize = 4 * 1024;
/// From this status on an answer is a refusal.
const REFUSED: u16 = 400;

/// A body as it may be shown, and what is to say of it.
pub(crate) type ShownBody = (Option<String>, Option<String>);

/// An answer for the account's eyes only, to be stored with its call. None for what cannot be masked and is no refusal.
///
/// # Errors
/// When it cannot be sealed.
pub(crate) fn sealed(
    definition: &Definition,
    keys: &AccountKeys,
    account: AccountId,
    answer: KeptAnswer,
    status: Option<u16>,
) -> Result<Option<SealedAnswer>, Fault> {
    let body = match masked(definition, answer.body.as_bytes()) {
        Some(masked) => masked,
        None if status.is_some_and(|status| status >= REFUSED) => answer.body,
        None => return Ok(None),
    };
    let kept = KeptAnswer { body, ..answer };
    let plain = serde_json::to_vec(&kept).map_err(|error| unreadable(&error))?;
    Ok(Some(SealedAnswer::seal(keys, account, &plain)?))
}

/// An answer that was stored with its call.
///
/// # Errors
/// When it is damaged, or sealed under a key that is gone.
pub(crate) fn opened(
    answer: &SealedAnswer,
    keys: &AccountKeys,
    account: AccountId,
) -> Result<KeptAnswer, Fault> {
    let plain = answer.open(keys, account)?;
    serde_json::from_slice(&plain).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Fault {
    Fault::failed(
        "answer_unreadable",
        format!("What the call was answered with cannot be read: {error}."),
        "Send the request again to see an answer.",
    )
}

/// A stored answer as it may be shown. Its secrets were taken out before it was stored.
pub(crate) fn shown_kept(definition: &Definition, body: &str, status: Option<u16>) -> ShownBody {
    let masked = masked(definition, body.as_bytes());
    cut(masked.as_deref(), body, status)
}

/// The beginning of what may be shown: of the masked body, or of a refusal that is no JSON.
fn cut(masked: Option<&str>, body: &str, status: Option<u16>) -> ShownBody {
    let refused = status.is_some_and(|status| status >= REFUSED);
    let (text, most) = match masked {
        Some(text) => (text, MOST_SHOWN),
        None if refused => (body, MOST_OF_A_REFUSAL),
        None => {
            return (
                None,
                Some(
                    "The answer is no JSON, so what is sensitive in it cannot be hidden."
                        .to_owned(),
                ),
            );
        }
    };
    let end = text.floor_char_boundary(most);
    let note =
        (end < text.len()).then(|| "The answer is longer; this is its beginning.".to_owned());
    (Some(text[..end].to_owned()), note)
}

/// The body as it may be shown, or why it is not.
///
/// # Errors
/// When the account's secrets cannot be read, to take them out.
pub(crate) async fn shown_body<F>(
    definition: &Definition,
    body: &[u8],
    status: u16,
    without_secrets: impl FnOnce(String) -> F,
) -> Result<ShownBody, Fault>
where
    F: Future<Output = Result<String, ClientError>>,
{
    if body.is_empty() {
        return Ok((None, Some("The answer has no body.".to_owned())));
    }
    let masked = masked(definition, body);
    let json = masked.is_some();
    let text = masked.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    // A secret that the cut would tear apart is taken out first.
    let clean = without_secrets(text).await?;
    Ok(cut(json.then_some(clean.as_str()), &clean, Some(status)))
}

/// JSON with every path of every resource that is masked or never stored replaced, wherever in the body it begins.
fn masked(definition: &Definition, body: &[u8]) -> Option<String> {
    let tree = RawTree::read(body).ok()?;
    let rules = Rules::anywhere(definition.connector.resources.values());
    let marks = Marks::new(&tree, &rules, None);
    let view = RawView {
        bytes: body,
        tree: &tree,
        marks: &marks,
    };
    Some(view.shown(0, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_shows_its_beginning_and_other_text_nothing() {
        let long = "é".repeat(MOST_OF_A_REFUSAL);
        for (masked, body, status, shown, noted) in [
            (Some("{}"), "{}", Some(200), Some(2), false),
            (None, "<h1>Forbidden</h1>", Some(403), Some(18), false),
            (None, "<h1>Welcome</h1>", Some(200), None, true),
            (None, "text", None, None, true),
            (
                None,
                long.as_str(),
                Some(502),
                Some(MOST_OF_A_REFUSAL),
                true,
            ),
        ] {
            let (text, note) = cut(masked, body, status);
            assert_eq!(text.map(|text| text.len()), shown, "{status:?}");
            assert_eq!(note.is_some(), noted, "{status:?}");
        }
    }
}
