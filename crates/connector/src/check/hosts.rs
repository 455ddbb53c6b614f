//! Fixed addresses stay within `hosts`.

use super::{Check, under};
use crate::problem::ProblemCode;
use crate::{ConfigKind, Grant, Origin, OriginError, Segment, Source, Template, origin_allowed};

impl Check<'_> {
    pub(super) fn hosts(&mut self) {
        let connector = self.connector;
        self.address("/base_url", &connector.base_url);
        if connector.base_url.as_str().ends_with('/') {
            self.contradiction(
                "/base_url",
                "the base URL ends with `/`, and every path begins with one",
                "remove the last `/`",
            );
        }
        if let Some(token) = &connector.auth.token {
            self.address("/auth/token/url", &token.url);
            if let Some(url) = &token.revoke_url {
                self.address("/auth/token/revoke_url", url);
            }
        }
        for (index, grant) in connector.auth.grants.iter().enumerate() {
            let pointer = format!("/auth/grants/{index}");
            match grant {
                Grant::AuthorizationCode(grant) => {
                    self.address(&under(&pointer, "authorize_url"), &grant.authorize_url);
                }
                Grant::DeviceCode(grant) => {
                    self.address(&under(&pointer, "device_url"), &grant.device_url);
                }
                _ => {}
            }
        }
    }

    /// An address begins with an origin: a `url` setting, a kept value, or `https://` and a host that `hosts` declares, whatever label a setting
    /// in it has. Whether a whole origin from a setting is declared is seen when it is there.
    fn address(&mut self, pointer: &str, template: &Template) {
        if let Some(Segment::Value(reference)) = template.segments().first() {
            let config = &self.connector.config;
            let kind = config
                .iter()
                .find(|field| field.key == reference.name)
                .map(|field| field.kind);
            if reference.source == Source::Config
                && kind.is_some_and(|kind| kind != ConfigKind::Url)
            {
                let message =
                    format!("an address begins with `{reference}`, which is not of kind `url`");
                self.contradiction(
                    pointer,
                    message,
                    "make it `kind: url`, or write `https://` before it",
                );
            }
            let follows_well = match template.segments().get(1) {
                None => true,
                Some(Segment::Literal(text)) => text.starts_with(['/', '?']),
                Some(Segment::Value(_)) => false,
            };
            if !follows_well {
                self.contradiction(
                    pointer,
                    format!("what follows `{reference}` would change its host"),
                    "begin with `/`",
                );
            }
            return;
        }
        let stand_in: String = template
            .segments()
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => text.as_str(),
                Segment::Value(_) => "x",
            })
            .collect();
        let allowed = Origin::parse(&stand_in)
            .and_then(|origin| origin_allowed(&origin, &self.connector.hosts, &[], &[]));
        match allowed {
            Ok(()) => {}
            Err(error @ (OriginError::NotDeclared(_) | OriginError::Private { .. })) => {
                let hint = "add the host to `hosts`: only declared hosts may receive credentials"
                    .to_owned();
                self.report(
                    pointer,
                    ProblemCode::HostNotDeclared,
                    error.to_string(),
                    hint,
                );
            }
            Err(error) => {
                let hint =
                    "begin with `https://` and a host, or with a setting of kind `url`".to_owned();
                self.report(pointer, ProblemCode::Malformed, error.to_string(), hint);
            }
        }
    }
}
