use crosswalk_connector::{ErrorClass, OnXml, Resource};
use tokio::time::Instant;
use url::Url;

use super::AccountClient;
use crate::call::Outcome;
use crate::classify::{BodyKind, Verdict, classify};
use crate::error::{ClientError, Words};
use crate::permission::Permission;
use crate::retry::Class;
use crate::token::Token;
use crate::transport::Answer;
use crate::words;

impl AccountClient {
    /// What an answer means, or why it cannot be looked at.
    pub(super) fn judge(
        &self,
        answer: &Answer,
        url: &Url,
        data: bool,
        token: Option<&Token>,
    ) -> Result<Verdict, ClientError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        if (300..400).contains(&answer.status) && answer.status != 304 {
            return Err(redirect_refused(&host, answer));
        }
        let connector = self.0.profile.connector();
        let verdict = classify(&connector.errors, answer);
        if verdict.class.is_some() || !data {
            return Ok(verdict);
        }
        match verdict.body {
            BodyKind::Xml if connector.formats.on_xml == OnXml::Refuse => {
                let detail = Words::from(self.said(
                    &words::of_html(&String::from_utf8_lossy(&answer.body)),
                    token,
                ));
                Err(ClientError::XmlAnswer {
                    host,
                    status: answer.status,
                    detail,
                })
            }
            // A body whose length nobody announced ends where the connection does.
            BodyKind::Json if cut_off(&answer.body) => Err(ClientError::Truncated {
                host,
                detail: "the JSON does not end".to_owned(),
            }),
            BodyKind::Empty | BodyKind::Other => Err(ClientError::NotJson {
                host,
                detail: self.said(&String::from_utf8_lossy(&answer.body), token),
            }),
            _ => Ok(verdict),
        }
    }

    pub(super) fn class_of(
        &self,
        result: &Result<Answer, ClientError>,
        verdict: Option<&Result<Verdict, ClientError>>,
    ) -> Class {
        let error = match (result, verdict) {
            (Err(error), _) | (_, Some(Err(error))) => error,
            (Ok(answer), Some(Ok(verdict))) => {
                return match verdict.class {
                    None => Class::Ok,
                    Some(ErrorClass::EndOfResults) => Class::EndOfResults,
                    Some(ErrorClass::Auth) => Class::Auth,
                    Some(ErrorClass::RateLimited) => Class::RateLimited(
                        self.0
                            .headers
                            .read(&answer.headers, true, self.0.clock.now())
                            .retry_after,
                    ),
                    Some(ErrorClass::Transient) => Class::Transient,
                    Some(ErrorClass::Forbidden | ErrorClass::Invalid | ErrorClass::Fatal) => {
                        Class::Final
                    }
                };
            }
            (Ok(_), None) => return Class::Final,
        };
        // What came instead of data may be a proxy's or a maintenance page's doing, and gone at the next try.
        let odd = matches!(
            error,
            ClientError::XmlAnswer { .. } | ClientError::NotJson { .. }
        );
        if odd || error.is_temporary() {
            Class::Transient
        } else {
            Class::Final
        }
    }

    fn said(&self, text: &str, token: Option<&Token>) -> String {
        words::fit(text, &self.0.profile.secrets(token))
    }

    pub(super) fn needs_reauth(
        &self,
        verdict: Option<Result<Verdict, ClientError>>,
        token: Option<&Token>,
    ) -> ClientError {
        let detail = match verdict {
            Some(Ok(verdict)) => Words {
                text: self.said(&verdict.text, token),
                hint: verdict.hint,
            },
            _ => Words::default(),
        };
        ClientError::NeedsReauth { detail }
    }

    pub(super) fn circuit_open(&self, until: Instant) -> ClientError {
        let wait = until.saturating_duration_since(Instant::now());
        let now = self.0.clock.now();
        ClientError::CircuitOpen {
            until: now.checked_add(wait).unwrap_or(now),
        }
    }

    pub(super) fn failure(
        &self,
        answer: &Answer,
        verdict: Verdict,
        url: &Url,
        resource: Option<&Resource>,
        token: Option<&Token>,
    ) -> ClientError {
        let host = url.host_str().unwrap_or_default().to_owned();
        let status = answer.status;
        let detail = Words {
            text: self.said(&verdict.text, token),
            hint: verdict.hint,
        };
        match verdict.class {
            Some(ErrorClass::Forbidden) => {
                let needed = resource.map_or(&[][..], |resource| &resource.scopes);
                let held = token
                    .and_then(|token| token.scopes.as_ref())
                    .unwrap_or(&self.0.profile.scopes);
                let permission = Permission::judge(verdict.scope.as_deref(), needed, held);
                ClientError::Forbidden { permission, detail }
            }
            Some(ErrorClass::Transient | ErrorClass::Fatal) if verdict.body == BodyKind::Html => {
                ClientError::HtmlAnswer {
                    host,
                    status,
                    detail,
                }
            }
            Some(ErrorClass::Transient) => ClientError::ServerError { status, detail },
            Some(ErrorClass::Invalid) if status == 404 => ClientError::NotFound {
                endpoint: url.path().to_owned(),
                detail,
            },
            Some(ErrorClass::Invalid) => ClientError::InvalidRequest { status, detail },
            _ => ClientError::Fatal { status, detail },
        }
    }
}

pub(super) fn outcome_of(
    class: &Class,
    verdict: Option<&Verdict>,
    result: &Result<Answer, ClientError>,
) -> Outcome {
    match (class, verdict.and_then(|verdict| verdict.class)) {
        (Class::Ok, _) => Outcome::Ok,
        (Class::EndOfResults, _) => Outcome::EndOfResults,
        (Class::Auth, _) => Outcome::Auth,
        (Class::RateLimited(_), _) => Outcome::RateLimited,
        (_, _) if result.is_err() => Outcome::Network,
        (Class::Transient, _) => Outcome::Transient,
        (Class::Final, Some(ErrorClass::Forbidden)) => Outcome::Forbidden,
        (Class::Final, Some(ErrorClass::Invalid)) => Outcome::Invalid,
        (Class::Final, Some(_)) => Outcome::Fatal,
        (Class::Final, None) => Outcome::Refused,
    }
}

/// The error for a redirect, which is never followed: the next host would receive the token.
pub(crate) fn redirect_refused(host: &str, answer: &Answer) -> ClientError {
    let target = answer.header("location").unwrap_or("an unnamed place");
    // Only the origin is shown; a path or query can hold a code.
    let target = Url::parse(target).map_or_else(
        |_| "another path".to_owned(),
        |url| url.origin().ascii_serialization(),
    );
    ClientError::RedirectRefused {
        host: host.to_owned(),
        status: answer.status,
        target,
    }
}

fn cut_off(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let body = body.trim_ascii();
    match body.first() {
        Some(b'{') => body.last() != Some(&b'}'),
        Some(b'[') => body.last() != Some(&b']'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_text_without_its_end_is_cut_off() {
        assert!(cut_off(b"[{\"id\":1},{\"i"));
        assert!(cut_off(b"{\"items\":["));
        assert!(cut_off(b"\xef\xbb\xbf[{\"id\":1}"));
        assert!(!cut_off(b"\xef\xbb\xbf[]"));
        assert!(!cut_off(b" [] \n"));
        assert!(!cut_off(b"{}"));
    }
}
