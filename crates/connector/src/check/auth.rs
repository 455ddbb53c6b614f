//! How calls are authorised.

use std::collections::HashSet;

use super::templates::Allowed;
use super::{Check, under};
use crate::problem::{ProblemCode, suggestion};
use crate::{
    ClientAuth, CredentialField, Grant, GrantKind, KeptFrom, Period, Source, TokenEndpoint,
};

const SECRETS: &[Source] = &[Source::Config, Source::Credential];

impl Check<'_> {
    pub(super) fn auth(&mut self) {
        let auth = &self.connector.auth;
        if auth.grants.is_empty() {
            self.report(
                "/auth/grants",
                ProblemCode::MissingKey,
                "there is no grant",
                "add `- grant: none` if none is needed".to_owned(),
            );
        }
        let mut kinds = HashSet::new();
        for (index, grant) in auth.grants.iter().enumerate() {
            let pointer = format!("/auth/grants/{index}");
            if !kinds.insert(grant.kind()) {
                let message = format!("there are two grants `{}`", grant.kind().as_str());
                self.report(
                    &pointer,
                    ProblemCode::NameTaken,
                    message,
                    "an account picks its grant by kind".to_owned(),
                );
            }
            self.grant(&pointer, grant);
        }
        match (&auth.token, auth.grants.iter().any(Grant::uses_tokens)) {
            (None, true) => {
                self.report(
                    "/auth",
                    ProblemCode::MissingKey,
                    "`token` is missing here",
                    "the OAuth grants need a token endpoint".to_owned(),
                );
            }
            (Some(_), false) => {
                self.contradiction(
                    "/auth/token",
                    "no grant uses a token endpoint",
                    "remove `token`, or add an OAuth grant",
                );
            }
            (Some(token), true) => self.token(token),
            (None, false) => {}
        }
        // What every account has, whichever grant it picks.
        let mut shared: Vec<CredentialField> = auth.credentials.clone();
        if let Some((first, others)) = auth.grants.split_first() {
            let everywhere = |field: &CredentialField| {
                others.iter().all(|grant| {
                    grant
                        .own_credential_fields()
                        .iter()
                        .any(|other| other.key == field.key)
                })
            };
            shared.extend(first.own_credential_fields().into_iter().filter(everywhere));
        }
        let sources = [Source::Config, Source::Credential, Source::Token];
        let allowed = Allowed {
            sources: &sources,
            credentials: &shared,
            access_token: true,
        };
        self.headers("/auth/headers", &auth.headers, allowed);
        self.header_name("/auth/access/header", &auth.access.header);
        let allowed = Allowed {
            sources: &[Source::Token],
            credentials: &[],
            access_token: true,
        };
        self.template("/auth/access/value", &auth.access.value, allowed);
        self.must_name(
            "/auth/access/value",
            &auth.access.value,
            Source::Token,
            "access_token",
        );
        if let Some(token) = &auth.token {
            let allowed = Allowed {
                sources: SECRETS,
                credentials: &shared,
                access_token: false,
            };
            self.headers("/auth/token/headers", &token.headers, allowed);
        }
    }

    fn grant(&mut self, pointer: &str, grant: &Grant) {
        let auth = &self.connector.auth;
        let fields = auth.credential_fields(grant);
        let mut seen = HashSet::new();
        for field in &fields {
            if !seen.insert(&field.key) {
                let message = format!("the credential has two parts `{}`", field.key);
                self.report(
                    pointer,
                    ProblemCode::NameTaken,
                    message,
                    "give one of them another key".to_owned(),
                );
            }
        }
        let allowed = Allowed {
            sources: SECRETS,
            credentials: &fields,
            access_token: false,
        };
        self.grant_templates(pointer, grant, allowed);
        if let Some(ClientAuth::JwtAssertion(assertion)) = grant.client_auth() {
            let pointer = under(pointer, "client_auth");
            self.templates(&under(&pointer, "claims"), &assertion.claims, allowed);
            self.templates(&under(&pointer, "headers"), &assertion.headers, allowed);
            if assertion.algorithms.is_empty() {
                self.report(
                    &under(&pointer, "algorithms"),
                    ProblemCode::MissingKey,
                    "there is no algorithm",
                    None,
                );
            }
        }
    }

    fn grant_templates(&mut self, pointer: &str, grant: &Grant, allowed: Allowed) {
        let settings = Allowed::only(&[Source::Config]);
        match grant {
            Grant::ClientCredentials(grant) => {
                self.templates(&under(pointer, "params"), &grant.params, allowed);
                if matches!(grant.client_auth, ClientAuth::Public(_)) {
                    let message = "a public client has no credentials to be granted anything by";
                    self.contradiction(
                        &under(pointer, "client_auth"),
                        message,
                        "use `body`, `basic` or `jwt_assertion`",
                    );
                }
            }
            Grant::AuthorizationCode(grant) => {
                self.template(
                    &under(pointer, "authorize_url"),
                    &grant.authorize_url,
                    settings,
                );
                self.templates(
                    &under(pointer, "authorize_params"),
                    &grant.authorize_params,
                    settings,
                );
                self.templates(&under(pointer, "params"), &grant.params, allowed);
                if !grant.redirect.path.starts_with('/') || grant.redirect.path.contains(['?', '#'])
                {
                    let message = format!("`{}` is not a path", grant.redirect.path);
                    self.report(
                        &format!("{pointer}/redirect/path"),
                        ProblemCode::Malformed,
                        message,
                        "begin with `/`".to_owned(),
                    );
                }
            }
            Grant::DeviceCode(grant) => {
                self.template(&under(pointer, "device_url"), &grant.device_url, settings);
                self.templates(
                    &under(pointer, "device_params"),
                    &grant.device_params,
                    settings,
                );
                self.templates(&under(pointer, "params"), &grant.params, allowed);
            }
            Grant::ApiKey(grant) => {
                self.template(&under(pointer, "value"), &grant.value, allowed);
                match (&grant.header, &grant.query) {
                    (Some(header), None) => self.header_name(&under(pointer, "header"), header),
                    (None, Some(_)) => {}
                    _ => self.contradiction(
                        pointer,
                        "a key is sent either as `header` or as `query`",
                        "give exactly one of the two",
                    ),
                }
            }
            Grant::Basic(grant) => {
                self.template(&under(pointer, "user"), &grant.user, allowed);
                self.template(&under(pointer, "password"), &grant.password, allowed);
            }
            Grant::None(_) => {}
        }
    }

    fn token(&mut self, token: &TokenEndpoint) {
        let settings = Allowed::only(&[Source::Config]);
        self.template("/auth/token/url", &token.url, settings);
        if let Some(url) = &token.revoke_url {
            self.template("/auth/token/revoke_url", url, settings);
        }
        for (name, kept) in &token.keep {
            let pointer = under("/auth/token/keep", name);
            if name == "access_token"
                || !name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            {
                let hint =
                    "use lower-case letters, digits and `_`, and not `access_token`".to_owned();
                self.report(
                    &pointer,
                    ProblemCode::Malformed,
                    format!("`{name}` cannot be the name of a kept value"),
                    hint,
                );
            }
            match (kept.from, kept.pointer.is_some(), kept.param.is_some()) {
                (KeptFrom::TokenResponse, true, false) | (KeptFrom::Redirect, false, true) => {}
                (KeptFrom::TokenResponse, ..) => {
                    self.contradiction(
                        &pointer,
                        "a value of the token response is found by `pointer` alone",
                        "give `pointer`, not `param`",
                    );
                }
                (KeptFrom::Redirect, ..) => {
                    self.contradiction(
                        &pointer,
                        "a value of the redirect is found by `param` alone",
                        "give `param`, not `pointer`",
                    );
                }
            }
            if kept.from == KeptFrom::Redirect
                && self
                    .connector
                    .auth
                    .grant(GrantKind::AuthorizationCode)
                    .is_none()
            {
                self.contradiction(
                    &pointer,
                    "no grant has a redirect",
                    "add `grant: authorization_code`",
                );
            }
        }
        self.age(
            "/auth/token/renew_at",
            token.renew_at.as_ref(),
            token.lifetime.as_ref(),
        );
        if let Some(refresh) = &token.refresh {
            self.age(
                "/auth/token/refresh/renew_at",
                refresh.renew_at.as_ref(),
                refresh.lifetime.as_ref(),
            );
            let catalogue = &self.connector.scopes.catalogue;
            if let Some(scope) = &refresh.scope
                && !catalogue.contains_key(scope)
            {
                let hint = suggestion(scope, catalogue.keys().map(String::as_str));
                let message = format!("`{scope}` is not in the scope catalogue");
                self.report(
                    "/auth/token/refresh/scope",
                    ProblemCode::UnknownScope,
                    message,
                    hint,
                );
            }
        }
    }

    fn age(&mut self, pointer: &str, age: Option<&Period>, lifetime: Option<&Period>) {
        if let (Some(age), Some(lifetime)) = (age, lifetime)
            && age.duration() >= lifetime.duration()
        {
            let message = format!("`{age}` is not before the end of its life at `{lifetime}`");
            self.contradiction(pointer, message, "choose an earlier age");
        }
    }
}
