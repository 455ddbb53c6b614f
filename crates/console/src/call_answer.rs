//! The body of an answer as it may be shown: what the connector masks is replaced wherever it stands, secrets are taken
//! out, and only the beginning of a long one is kept.

use std::future::Future;

use crosswalk_client::ClientError;
use crosswalk_connector::Definition;

use crate::Fault;
use crate::raw_marks::{Marks, Rules};
use crate::raw_rows::RawView;
use crate::raw_tree::RawTree;

/// Bytes of a body that are shown.
const MOST_SHOWN: usize = 64 * 1024;

/// The body as it may be shown, or why it is not.
///
/// # Errors
/// When the account's secrets cannot be read, to take them out.
pub(crate) async fn shown_body<F>(
    definition: &Definition,
    body: &[u8],
    without_secrets: impl FnOnce(String) -> F,
) -> Result<(Option<String>, Option<String>), Fault>
where
    F: Future<Output = Result<String, ClientError>>,
{
    if body.is_empty() {
        return Ok((None, Some("The answer has no body.".to_owned())));
    }
    let Some(text) = masked(definition, body) else {
        return Ok((
            None,
            Some("The answer is no JSON, so what is sensitive in it cannot be hidden.".to_owned()),
        ));
    };
    let end = text.floor_char_boundary(MOST_SHOWN);
    let long = end < text.len();
    // A secret that the cut would tear apart is taken out first.
    let clean = without_secrets(text).await?;
    let end = clean.floor_char_boundary(MOST_SHOWN);
    let note = long.then(|| "The answer is longer; this is its beginning.".to_owned());
    Ok((Some(clean[..end].to_owned()), note))
}

/// JSON with every masked path of every resource replaced, wherever in the body it begins.
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
