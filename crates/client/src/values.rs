//! What templates are filled in with.

use std::borrow::Cow;

use crosswalk_connector::{Place, Reference, RenderError, Source, Template};
use crosswalk_vault::Secret;
use indexmap::IndexMap;

use crate::token::Token;

/// The parts of an account's credential by name: `client_id`, `client_secret`, `api_key`, …
pub type Credential = IndexMap<String, Secret>;

/// What templates of one account are filled in with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) config: &'a IndexMap<String, String>,
    /// Given inside `auth` only.
    pub(crate) credential: Option<&'a Credential>,
    pub(crate) token: Option<&'a Token>,
    /// Whether `{{token.access_token}}` may be filled in: inside `auth` only.
    pub(crate) access_token: bool,
    /// What belongs to the request at hand.
    pub(crate) extra: &'a [(Source, &'a str, String)],
}

impl<'a> Values<'a> {
    /// Settings alone.
    pub(crate) fn of_config(config: &'a IndexMap<String, String>) -> Self {
        Self {
            config,
            credential: None,
            token: None,
            access_token: false,
            extra: &[],
        }
    }

    /// With the values of the request at hand.
    pub(crate) fn with(self, extra: &'a [(Source, &'a str, String)]) -> Self {
        Self { extra, ..self }
    }

    pub(crate) fn render(&self, template: &Template, place: Place) -> Result<String, RenderError> {
        template.render(place, |reference| self.lookup(reference))
    }

    /// Renders, or `None` when a value is missing: for parts that are left out then.
    pub(crate) fn render_optional(
        &self,
        template: &Template,
        place: Place,
    ) -> Result<Option<String>, RenderError> {
        match self.render(template, place) {
            Ok(text) => Ok(Some(text)),
            Err(RenderError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn lookup(&self, reference: &Reference) -> Option<Cow<'a, str>> {
        let name = reference.name.as_str();
        match reference.source {
            Source::Config => self
                .config
                .get(name)
                .map(|value| Cow::Borrowed(value.as_str())),
            Source::Credential => self
                .credential?
                .get(name)
                .map(|secret| Cow::Borrowed(secret.expose())),
            Source::Token if name == "access_token" => self
                .token
                .filter(|_| self.access_token)
                .map(|token| Cow::Borrowed(token.access_token.expose())),
            Source::Token => self
                .token?
                .kept
                .get(name)
                .map(|value| Cow::Borrowed(value.as_str())),
            source => {
                let found = self
                    .extra
                    .iter()
                    .find(|(from, key, _)| *from == source && *key == name);
                found.map(|(_, _, value)| Cow::Borrowed(value.as_str()))
            }
        }
    }
}
