//! The reads of a connection test: one `limit=1` for each resource whose scope was asked, and what each came to.

use std::time::Instant;

use crosswalk_client::{AccountClient, CallContext, ClientError};
use crosswalk_connector::{Definition, Resource, Source};
use crosswalk_workspace::account::Account;
use futures_util::{StreamExt, stream};

use crate::connect::millis;
use crate::connect_steps::Steps;
use crate::views::StepView;

/// How many probes are on their way at once; the budget still spaces them.
const PROBES_AT_ONCE: usize = 6;

/// What one probe came to.
pub(crate) struct Probe {
    pub(crate) resource: String,
    pub(crate) step: StepView,
    pub(crate) outcome: Result<(), ClientError>,
}

/// Whether a resource's scopes were all asked for; a connector without scopes opens everything.
fn was_asked(resource: &Resource, asked: &[String]) -> bool {
    resource.scopes.iter().all(|scope| asked.contains(scope))
}

/// A setting the resource's list needs and the account does not have.
fn missing_setting<'r>(resource: &'r Resource, account: &Account) -> Option<&'r str> {
    let list = resource.operations.list.as_ref()?;
    let named = list.path.references().chain(
        list.params
            .values()
            .flat_map(crosswalk_connector::Template::references),
    );
    named
        .filter(|reference| reference.source == Source::Config)
        .map(|reference| reference.name.as_str())
        .find(|name| !account.config.contains_key(*name))
}

/// A refusal with the scope that opens the resource, also where the token is said to hold it: the report lists it then
/// too, since it is the first thing an administrator looks at.
fn name_scope(error: ClientError, resource: Option<&Resource>) -> ClientError {
    match error {
        ClientError::Forbidden {
            scope: None,
            detail,
        } => ClientError::Forbidden {
            scope: resource.and_then(|resource| resource.scopes.first().cloned()),
            detail,
        },
        other => other,
    }
}

/// What a probe's outcome says to the user.
fn explain(error: &ClientError, granted: Option<&[String]>) -> String {
    let ClientError::Forbidden {
        scope: Some(scope), ..
    } = error
    else {
        return format!("{error}. {}", error.hint());
    };
    match granted {
        Some(granted) if granted.contains(scope) => format!(
            "Refused (403) although the token holds {scope}. Suspect an IP allow-list, or a licence or permission that is off for this module."
        ),
        _ => format!(
            "Refused (403): the scope {scope} is missing. Ask the administrator to add it to the client."
        ),
    }
}

/// One `limit=1` read of each resource whose scope was asked; `granted` is what the token holds, where it is known.
pub(crate) async fn probe(
    account: &Account,
    client: &AccountClient,
    definition: &Definition,
    context: &CallContext,
    steps: &Steps<'_>,
    granted: Option<&[String]>,
) -> Vec<Probe> {
    // Owned names: a stream of borrowed ones gives a future that no face can prove to be `Send`.
    let resources: Vec<String> = definition
        .connector
        .resources
        .iter()
        .filter(|(_, resource)| resource.operations.list.is_some())
        .filter(|(_, resource)| {
            was_asked(resource, &account.scopes_asked)
                && missing_setting(resource, account).is_none()
        })
        .map(|(name, _)| name.clone())
        .collect();
    stream::iter(resources)
        .map(|name| async move {
            steps.begin(&name);
            let started = Instant::now();
            let read = client
                .read_probe(&name, context)
                .await
                .map_err(|error| name_scope(error, definition.connector.resources.get(&name)));
            let message = match &read {
                Ok(page) if page.records.is_empty() => "readable, and empty".to_owned(),
                Ok(_) => "readable".to_owned(),
                Err(error) => explain(error, granted),
            };
            let step = StepView {
                name: name.clone(),
                ok: read.is_ok(),
                ms: millis(started.elapsed()),
                message,
            };
            steps.tell(&step);
            Probe {
                resource: name,
                step,
                outcome: read.map(|_| ()),
            }
        })
        .buffered(PROBES_AT_ONCE)
        .collect()
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_scope_or_suspects_the_allow_list() {
        let error = ClientError::Forbidden {
            scope: Some("order.read".into()),
            detail: crosswalk_client::Words::default(),
        };
        assert!(explain(&error, Some(&["invoice.read".into()])).contains("order.read is missing"));
        assert!(explain(&error, None).contains("order.read is missing"));
        assert!(explain(&error, Some(&["order.read".into()])).contains("allow-list"));
    }
}
