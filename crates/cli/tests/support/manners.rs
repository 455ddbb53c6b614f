//! How an instance behaves, where real ones and stand-ins differ.

use std::time::Duration;

use serde_json::{Value, json};

/// How an instance behaves. The default is what Compass documents.
#[derive(Clone, Debug)]
pub struct Manners {
    pub client_id: String,
    pub client_secret: String,
    /// The scopes the client holds; empty: every scope the instance knows.
    pub held: Vec<&'static str>,
    /// A token used earlier than this after its issue is refused with 401.
    pub settle: Duration,
    /// Each answer to a read comes after this long.
    pub latency: Duration,
    /// Starts every access token; a canary in the tests of secrets.
    pub token_prefix: String,
    /// The token answer's `expires_in`; null leaves it out.
    pub expires_in: Value,
    /// The token answer names the scopes.
    pub token_scope: bool,
    /// Fields of the token answer beyond the documented ones.
    pub token_extra: Value,
    /// `order_by` and `dir` are honoured.
    pub orders: bool,
    /// Conditions are honoured.
    pub filters: bool,
    /// `fields` is honoured.
    pub selects: bool,
    /// The most records of a page, whatever `limit` asks for.
    pub page_cap: usize,
    /// Ids are JSON strings.
    pub text_ids: bool,
    /// Answers carry a `Date` header.
    pub date: bool,
    /// "Nothing found" is an XML 404, though JSON was asked for.
    pub nothing_is_404: bool,
    /// Answers are XML whatever is asked for.
    pub always_xml: bool,
    /// Requests a second and burst beyond which 429 is answered.
    pub limit: Option<(f64, f64)>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            client_id: "crosswalk-acceptance".to_owned(),
            client_secret: "s3cret-of-the-stand-in".to_owned(),
            held: Vec::new(),
            settle: Duration::ZERO,
            latency: Duration::ZERO,
            token_prefix: "eyJhbGciOiJSUzI1NiJ9".to_owned(),
            expires_in: json!(86_399),
            token_scope: true,
            token_extra: json!({}),
            orders: true,
            filters: true,
            selects: true,
            page_cap: 50,
            text_ids: false,
            date: true,
            nothing_is_404: false,
            always_xml: false,
            limit: None,
        }
    }
}
