//! The reads of a connection test: one `limit=1` for each resource whose scope was asked, and what each came to.

use std::time::Instant;

use crosswalk_client::{AccountClient, CallContext, ClientError};
use crosswalk_connector::{Definition, Resource, Source};
use crosswalk_workspace::account::Account;
use futures_util::{StreamExt, stream};

use crate::connect::millis;
use crate::connect::steps::Steps;
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

/// What a probe's failure says to the user.
fn explain(error: &ClientError) -> String {
    match error {
        ClientError::Forbidden { permission, .. } => {
            format!("Refused, {permission}. {}", error.hint())
        }
        error => format!("{error}. {}", error.hint()),
    }
}

/// One `limit=1` read of each resource whose scope was asked.
pub(crate) async fn probe(
    account: &Account,
    client: &AccountClient,
    definition: &Definition,
    context: &CallContext,
    steps: &Steps<'_>,
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
            let read = client.read_probe(&name, context).await;
            let message = match &read {
                Ok(page) if page.records.is_empty() => "readable, and empty".to_owned(),
                Ok(_) => "readable".to_owned(),
                Err(error) => explain(error),
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
