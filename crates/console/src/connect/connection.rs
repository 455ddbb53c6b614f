//! What connects an account, decided from what was typed: the grant, the scopes, the parts of the secret, and where
//! secrets may go.

use crosswalk_client::Trust as ClientTrust;
use crosswalk_connector::{Definition, Grant, GrantKind, ScopeList};
use crosswalk_vault::Secret;
use crosswalk_workspace::account::{Account, Purpose, Trust};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::Fault;

/// The grant that was named, else the connector's first.
pub(crate) fn choose_grant<'d>(
    definition: &'d Definition,
    named: Option<&str>,
) -> Result<&'d Grant, Fault> {
    let grants = &definition.connector.auth.grants;
    let chosen = match named {
        Some(named) => grants.iter().find(|grant| grant.kind().as_str() == named),
        None => grants.first(),
    };
    chosen.ok_or_else(|| {
        let known: Vec<&str> = grants.iter().map(|grant| grant.kind().as_str()).collect();
        Fault::invalid(
            "unknown_grant",
            format!(
                "{} cannot be connected by {}.",
                definition.connector.label,
                named.unwrap_or("any grant")
            ),
            format!("It can by: {}.", known.join(", ")),
        )
    })
}

/// The kind of grant an account was added with.
pub(crate) fn grant_kind(definition: &Definition, account: &Account) -> Result<GrantKind, Fault> {
    choose_grant(definition, Some(&account.grant)).map(Grant::kind)
}

/// What the user should know about the scopes typed.
fn scope_notes(list: &ScopeList) -> Vec<String> {
    let corrected = list.corrected.iter().map(|(given, meant)| {
        format!("The scope {given} is spelled {meant}; that is what is asked for.")
    });
    let unknown = list.unknown.iter().map(|(given, near)| match near {
        Some(near) => format!("The connector does not know the scope {given}; did you mean {near}? It is asked for as typed."),
        None => format!("The connector does not know the scope {given}; it is asked for as typed."),
    });
    corrected.chain(unknown).collect()
}

/// The scopes to ask for, and what the user should know about those typed.
pub(crate) fn scopes(
    definition: &Definition,
    grant: GrantKind,
    purpose: Purpose,
    typed: Option<&str>,
) -> (Vec<String>, Vec<String>) {
    let connector = &definition.connector;
    if let Some(text) = typed {
        let list = connector.scopes.read(text);
        let notes = scope_notes(&list);
        return (list.scopes, notes);
    }
    let mut scopes = connector.scopes.default_scopes().to_vec();
    if purpose == Purpose::Write {
        // A write account exists to mark records as handed over, so it asks for what that takes on top.
        let marks = connector
            .resources
            .values()
            .filter_map(|resource| resource.exported.as_ref()?.mark.as_ref());
        scopes.extend(marks.flat_map(|mark| mark.scopes.iter().cloned()));
    }
    scopes.extend(connector.auth.refresh_scope(grant).map(str::to_owned));
    let mut seen = std::collections::BTreeSet::new();
    scopes.retain(|scope| seen.insert(scope.clone()));
    (scopes, Vec::new())
}

/// The parts of a credential from what was typed: one secret, or a JSON object where there are several.
pub(crate) fn secret_parts(
    definition: &Definition,
    grant: &Grant,
    secret: &Secret,
) -> Result<IndexMap<String, Secret>, Fault> {
    let fields = definition.connector.auth.credential_fields(grant);
    let asked: Vec<&str> = fields
        .iter()
        .map(|field| field.key.as_str())
        .filter(|key| *key != "client_id")
        .collect();
    match asked.as_slice() {
        [] => Err(Fault::invalid(
            "secret_not_needed",
            "This way to connect needs no secret.",
            "Leave it out.",
        )),
        [only] => Ok(IndexMap::from([((*only).to_owned(), secret.clone())])),
        several => {
            let wrong = || {
                Fault::invalid(
                    "secret_parts",
                    format!(
                        "This connector's credential has several parts: {}.",
                        several.join(", ")
                    ),
                    "Give them as one JSON object of texts on stdin.",
                )
            };
            let parts: IndexMap<String, String> =
                serde_json::from_str(secret.expose()).map_err(|_| wrong())?;
            if parts.keys().any(|key| !several.contains(&key.as_str())) {
                return Err(wrong());
            }
            Ok(parts
                .into_iter()
                .map(|(key, part)| (key, Secret::from(part)))
                .collect())
        }
    }
}

pub(crate) fn texts(config: &Map<String, Value>) -> IndexMap<String, String> {
    config
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// What the user approves by connecting: where this account's secrets may go.
pub(crate) fn approve(
    definition: &Definition,
    grant: GrantKind,
    config: &Map<String, Value>,
    hosts: &[String],
) -> Result<Trust, Fault> {
    let trust =
        ClientTrust::establish(definition, grant, &texts(config), hosts).map_err(|error| {
            let fault = Fault::from(error);
            Fault {
                class: crate::FaultClass::Invalid,
                ..fault
            }
        })?;
    Ok(Trust {
        definition_digest: definition.digest.as_str().to_owned(),
        trust_digest: Some(trust.digest.as_str().to_owned()),
        hosts: trust.confirmed_hosts,
        origins: trust.origins.iter().map(ToString::to_string).collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use crosswalk_connector::Catalogue;

    use super::*;

    fn marking(definition: &Definition) -> Vec<&String> {
        let resources = definition.connector.resources.values();
        resources
            .filter_map(|resource| resource.exported.as_ref()?.mark.as_ref())
            .flat_map(|mark| &mark.scopes)
            .collect()
    }

    /// A built-in connector whose marking takes scopes and that people can sign in to, whichever it is.
    fn definition() -> Arc<Definition> {
        Catalogue::builtin()
            .catalogue
            .iter()
            .find(|one| {
                let auth = &one.connector.auth;
                !marking(one).is_empty() && auth.refresh_scope(GrantKind::DeviceCode).is_some()
            })
            .unwrap()
            .clone()
    }

    #[test]
    fn a_write_account_asks_for_what_marking_takes_and_a_read_account_does_not() {
        let definition = definition();
        let asked = |purpose| scopes(&definition, GrantKind::ClientCredentials, purpose, None).0;
        let (reading, writing) = (asked(Purpose::Read), asked(Purpose::Write));
        assert_eq!(reading, definition.connector.scopes.default_scopes());
        for scope in marking(&definition) {
            let times = writing.iter().filter(|one| *one == scope).count();
            assert_eq!(times, 1, "{scope}");
            assert!(!reading.contains(scope), "{scope}");
        }
        assert!(reading.iter().all(|scope| writing.contains(scope)));
    }

    #[test]
    fn where_a_person_signs_in_the_refresh_scope_is_asked_for() {
        let definition = definition();
        let auth = &definition.connector.auth;
        let refresh = auth
            .refresh_scope(GrantKind::DeviceCode)
            .unwrap()
            .to_owned();
        for (grant, expected) in [
            (GrantKind::ClientCredentials, false),
            (GrantKind::AuthorizationCode, true),
            (GrantKind::DeviceCode, true),
        ] {
            let (asked, _) = scopes(&definition, grant, Purpose::Read, None);
            assert_eq!(asked.contains(&refresh), expected, "{grant:?}");
        }
    }
}
