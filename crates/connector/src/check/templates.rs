//! Which values a template may name, by its place.

use indexmap::IndexMap;

use super::{Check, under};
use crate::problem::{ProblemCode, suggestion};
use crate::{Body, CredentialField, JsonTemplate, Reference, Source, Template};

/// What may be named at a place.
#[derive(Clone, Copy)]
pub(super) struct Allowed<'a> {
    pub sources: &'a [Source],
    /// The parts of the credential, where `credential` is a source.
    pub credentials: &'a [CredentialField],
    /// Whether `token.access_token` may be named.
    pub access_token: bool,
}

impl<'a> Allowed<'a> {
    /// Only these sources, no secrets.
    pub fn only(sources: &'a [Source]) -> Self {
        Self {
            sources,
            credentials: &[],
            access_token: false,
        }
    }
}

impl Check<'_> {
    /// Templates that are in none of the parts with a check of their own.
    pub(super) fn general_templates(&mut self) {
        let connector = self.connector;
        let plain = Allowed::only(&[Source::Config, Source::Token]);
        self.template("/base_url", &connector.base_url, plain);
        self.headers("/headers", &connector.headers, plain);
        self.templates(
            "/filters/operators",
            &connector.filters.operators,
            Allowed::only(&[Source::Filter]),
        );
        for (operator, template) in &connector.filters.operators {
            self.must_name(
                &under("/filters/operators", operator),
                template,
                Source::Filter,
                "field",
            );
        }
        let Some(request) = &connector.admin_request else {
            return;
        };
        let allowed = Allowed::only(&[Source::Config, Source::Request]);
        self.template("/admin_request/title", &request.title, allowed);
        for (key, template) in [
            ("introduction", &request.introduction),
            ("closing", &request.closing),
        ] {
            if let Some(template) = template {
                self.template(&under("/admin_request", key), template, allowed);
            }
        }
        for (index, step) in request.steps.iter().enumerate() {
            let pointer = format!("/admin_request/steps/{index}");
            self.template(&under(&pointer, "text"), &step.text, allowed);
            for (at, kind) in step.grants.iter().enumerate() {
                if connector.auth.grant(*kind).is_none() {
                    let message = format!("the connector has no grant `{}`", kind.as_str());
                    self.contradiction(
                        &format!("{pointer}/grants/{at}"),
                        message,
                        "name a grant of `auth.grants`",
                    );
                }
            }
        }
    }

    pub(super) fn templates(
        &mut self,
        pointer: &str,
        templates: &IndexMap<String, Template>,
        allowed: Allowed,
    ) {
        for (key, template) in templates {
            self.template(&under(pointer, key), template, allowed);
        }
    }

    /// Headers: their names too. What belongs to the connection itself cannot be set.
    pub(super) fn headers(
        &mut self,
        pointer: &str,
        headers: &IndexMap<String, Template>,
        allowed: Allowed,
    ) {
        self.templates(pointer, headers, allowed);
        for name in headers.keys() {
            self.header_name(&under(pointer, name), name);
        }
    }

    pub(super) fn header_name(&mut self, pointer: &str, name: &str) {
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(is_token) {
            self.report(
                pointer,
                ProblemCode::Malformed,
                format!("`{name}` is not a header's name"),
                None,
            );
        }
        let reserved = [
            "connection",
            "content-length",
            "host",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
        ];
        if reserved.contains(&name.to_ascii_lowercase().as_str()) {
            self.contradiction(
                pointer,
                format!("the header `{name}` belongs to the connection"),
                "leave it out",
            );
        }
    }

    pub(super) fn body(&mut self, pointer: &str, body: &Body, allowed: Allowed) {
        match (&body.json, &body.form) {
            (Some(json), None) => self.json(&under(pointer, "json"), json, allowed),
            (None, Some(form)) => self.templates(&under(pointer, "form"), form, allowed),
            _ => self.contradiction(
                pointer,
                "a body is either `json` or `form`",
                "give exactly one of the two",
            ),
        }
    }

    fn json(&mut self, pointer: &str, json: &JsonTemplate, allowed: Allowed) {
        match json {
            JsonTemplate::Text(template) => self.template(pointer, template, allowed),
            JsonTemplate::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.json(&format!("{pointer}/{index}"), item, allowed);
                }
            }
            JsonTemplate::Object(members) => {
                for (key, member) in members {
                    self.json(&under(pointer, key), member, allowed);
                }
            }
            JsonTemplate::Null | JsonTemplate::Bool(_) | JsonTemplate::Number(_) => {}
        }
    }

    pub(super) fn template(&mut self, pointer: &str, template: &Template, allowed: Allowed) {
        for reference in template.references() {
            let is_access_token =
                reference.source == Source::Token && reference.name == "access_token";
            let is_secret = reference.source == Source::Credential || is_access_token;
            let is_allowed = allowed.sources.contains(&reference.source)
                && (!is_access_token || allowed.access_token);
            if is_allowed {
                self.name(pointer, reference, allowed);
            } else if is_secret && !pointer.starts_with("/auth/") {
                let hint = "move it into `auth`: only what stands there is covered by the user's approval of where secrets go";
                let message = format!("`{reference}` would put a secret here");
                self.report(
                    pointer,
                    ProblemCode::SecretOutsideAuth,
                    message,
                    Some(hint.to_owned()),
                );
            } else {
                let words: Vec<&str> = allowed.sources.iter().map(|source| source.word()).collect();
                let hint = match words.as_slice() {
                    [] => "no values can be filled in here".to_owned(),
                    words => format!("what can be named here: {}", words.join(", ")),
                };
                let message = format!("`{reference}` has no value here");
                self.report(pointer, ProblemCode::UnknownReference, message, Some(hint));
            }
        }
    }

    /// Whether the value named exists in its source.
    fn name(&mut self, pointer: &str, reference: &Reference, allowed: Allowed) {
        let connector = self.connector;
        let known: Vec<&str> = match reference.source {
            Source::Config => connector
                .config
                .iter()
                .map(|field| field.key.as_str())
                .collect(),
            Source::Credential => allowed
                .credentials
                .iter()
                .map(|field| field.key.as_str())
                .collect(),
            Source::Token => {
                let kept = connector
                    .auth
                    .token
                    .iter()
                    .flat_map(|token| token.keep.keys().map(String::as_str));
                allowed
                    .access_token
                    .then_some("access_token")
                    .into_iter()
                    .chain(kept)
                    .collect()
            }
            Source::Record => vec!["id"],
            Source::Page => vec!["start", "size"],
            Source::Range => vec!["after", "up_to"],
            Source::Watermark => vec!["value", "clause"],
            Source::Selection => vec!["fields"],
            Source::Sample => vec!["value"],
            Source::Filter => vec!["field"],
            Source::Request => vec!["scopes", "redirect_uri", "egress_ips", "tenant", "account"],
            Source::Input => return,
        };
        if !known.contains(&reference.name.as_str()) {
            let hint = suggestion(&reference.name, known.iter().copied());
            let message = format!("`{reference}` is not declared");
            self.report(pointer, ProblemCode::UnknownReference, message, hint);
        }
    }

    /// Reports a template that does not name a value it is there for.
    pub(super) fn must_name(
        &mut self,
        pointer: &str,
        template: &Template,
        source: Source,
        name: &str,
    ) {
        if !names(template, source, name) {
            let value = Reference {
                source,
                name: name.to_owned(),
            };
            self.contradiction(
                pointer,
                format!("this does not name `{value}`"),
                &format!("write `{{{{{value}}}}}` in it"),
            );
        }
    }
}

/// Whether `template` names the value.
pub(super) fn names(template: &Template, source: Source, name: &str) -> bool {
    template
        .references()
        .any(|reference| reference.source == source && reference.name == name)
}
