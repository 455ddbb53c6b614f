//! The main job end to end on a stand-in instance and a throw-away workspace: connect, test sync, full sync, compare,
//! override. What a newcomer sees first.

pub(crate) mod sandbox;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crosswalk_vault::{Secret, VaultKind};
use crosswalk_workspace::mapping_override::{self, Action, NewVersion, Scope, Side, Target};
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::accounts::{ConnectionInput, NewAccount};
use crate::records::{RecordFormat, RecordQuery};
use crate::sandboxes::{SandboxInput, start_sandbox};
use crate::sync::SyncInput;
use crate::views::{RunView, TestReport, UnreadField};
use crate::{Console, Fault, Options, WorkerCommand};

const ACCOUNT: &str = "demo-sandbox";
/// Enough for a full sync that takes a few seconds at the provider's limit.
const RECORDS: u64 = 1_000;

/// How to run the demo.
#[derive(Debug)]
pub struct DemoOptions {
    /// Where the workspace is made; the caller removes it or keeps it.
    pub folder: PathBuf,
    pub worker: WorkerCommand,
    /// The connector the stand-in instance understands.
    pub connector: String,
    /// The resource that is synced.
    pub resource: &'static str,
}

/// A record beside what was made of it.
#[derive(Debug, Serialize)]
pub struct DemoRecord {
    pub id: String,
    pub raw: Value,
    pub unified: Value,
    pub fields: Value,
}

/// A custom field nothing reads, mapped for one account.
#[derive(Debug, Serialize)]
pub struct DemoOverride {
    pub field: String,
    pub expression: String,
    pub level: String,
    /// The value of one record.
    pub value: Value,
    pub unread: UnreadField,
}

/// What the demo did.
#[derive(Debug, Serialize)]
pub struct Demo {
    pub url: String,
    pub workspace: String,
    pub connected: TestReport,
    pub test: RunView,
    pub full: RunView,
    pub record: DemoRecord,
    pub overridden: DemoOverride,
    pub elapsed_ms: u64,
}

/// Where the demo stands, for a face that tells it as it goes.
#[derive(Debug)]
pub enum DemoStep<'a> {
    /// The stand-in instance serves.
    Serving(&'a str),
    Connected(&'a TestReport),
    Tested(&'a RunView),
    Synced(&'a RunView),
    Compared(&'a DemoRecord),
    Overridden(&'a DemoOverride),
}

fn broken(what: &str) -> Fault {
    Fault::failed(
        "demo_failed",
        format!("The demo did not come to its end: {what}."),
        "Please report this; `xwalk doctor` may tell more.",
    )
}

/// A path of raw keys as an expression: `` `custom-fields`.`owner` ``.
fn expression_of(path: &str) -> String {
    path.split('.')
        .map(|key| format!("`{}`", key.trim_end_matches("[]")))
        .collect::<Vec<_>>()
        .join(".")
}

/// The last key of a path as a name in snake case.
fn name_of(path: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.trim_end_matches("[]").replace('-', "_").to_lowercase()
}

/// Runs the demo, telling each step as it is done.
///
/// # Errors
/// `demo_failed` and whatever failed on the way.
pub async fn demo(
    options: DemoOptions,
    mut tell: impl FnMut(DemoStep<'_>),
    interrupted: &CancellationToken,
) -> Result<Demo, Fault> {
    let started = Instant::now();
    let counts = vec![(options.resource, RECORDS)];
    let sandbox = start_sandbox(SandboxInput {
        counts,
        ..SandboxInput::default()
    })
    .await?;
    tell(DemoStep::Serving(&sandbox.url()));

    let mut opened = Options::new(options.folder);
    opened.vault = Some(VaultKind::Passphrase);
    opened.worker = Some(options.worker);
    let passphrase = sandbox.client_secret().clone();
    opened.passphrase = Some(Arc::new(move |_| {
        Ok(Secret::from(passphrase.expose().to_owned()))
    }));
    let console = Console::open(opened)?;
    console
        .add_tenant("demo", Some("Demo customer"), Some("EU"))
        .await?;
    let connection = ConnectionInput {
        config: vec![("instance_url".to_owned(), sandbox.url())],
        client_id: Some(sandbox.client_id().to_owned()),
        client_secret: Some(sandbox.client_secret().clone()),
        ..ConnectionInput::default()
    };
    let account = NewAccount {
        id: ACCOUNT.to_owned(),
        tenant: "demo".to_owned(),
        connector: options.connector,
        kind: "sandbox",
        environment: None,
        grant: None,
        purpose: "read",
        connection,
    };
    console.add_account(account).await?;

    let connected = console.test_account(ACCOUNT, interrupted).await?.report;
    tell(DemoStep::Connected(&connected));
    let test = console
        .demo_sync(options.resource, "test", interrupted)
        .await?;
    tell(DemoStep::Tested(&test));
    let full = console
        .demo_sync(options.resource, "full", interrupted)
        .await?;
    tell(DemoStep::Synced(&full));
    let record = console.demo_record(options.resource, None).await?;
    tell(DemoStep::Compared(&record));
    let overridden = console.demo_override(options.resource).await?;
    tell(DemoStep::Overridden(&overridden));
    Ok(Demo {
        url: sandbox.url(),
        workspace: console.folder(),
        connected,
        test,
        full,
        record,
        overridden,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

impl Console {
    async fn demo_sync(
        &self,
        resource: &str,
        mode: &'static str,
        interrupted: &CancellationToken,
    ) -> Result<RunView, Fault> {
        let input = SyncInput {
            account: ACCOUNT.to_owned(),
            resource: resource.to_owned(),
            mode,
            pages: None,
            budget_percent: None,
            whole_objects: None,
            restart: false,
            mark_exported: false,
            confirmation: None,
        };
        let synced = self.sync(input, |_| (), interrupted).await?;
        if synced.failure.is_some() {
            let why = synced
                .run
                .error
                .map_or_else(|| synced.run.status.clone(), |error| error.message);
            return Err(broken(&format!("the {mode} sync ended early: {why}")));
        }
        Ok(synced.run)
    }

    /// One stored record with everything there is to say about its fields; the first, or the one named.
    async fn demo_record(&self, resource: &str, id: Option<String>) -> Result<DemoRecord, Fault> {
        let query = RecordQuery {
            account: ACCOUNT.to_owned(),
            resource: resource.to_owned(),
            format: RecordFormat::Both,
            native_id: id,
            limit: Some(1),
        };
        let lines = self.records(query).await?.next().await?.unwrap_or_default();
        let line: Value = lines
            .first()
            .and_then(|line| serde_json::from_slice(line).ok())
            .ok_or_else(|| broken("no record was stored"))?;
        let member = |key: &str| line.get(key).cloned().unwrap_or_default();
        let unified = member("unified");
        let id = unified
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        Ok(DemoRecord {
            id,
            raw: member("raw"),
            unified,
            fields: member("fields"),
        })
    }

    /// Maps the custom field that is filled most often and that nothing reads, for this account alone.
    async fn demo_override(&self, resource: &str) -> Result<DemoOverride, Fault> {
        let account = self.find_account(ACCOUNT).await?;
        let definition = self.definition(&account.connector)?;
        let model = definition
            .mapping_of(resource)
            .map(|mapping| mapping.model.clone())
            .unwrap_or_default();
        let check = self.check_mapping(ACCOUNT, Some(&model)).await?;
        let unread = check
            .models
            .into_iter()
            .filter(|checked| checked.resource == resource)
            .flat_map(|checked| checked.unread_custom_fields)
            .find(|field| !field.path.contains("[]"))
            .ok_or_else(|| broken("every custom field is mapped already"))?;
        let (field, expression) = (
            format!("custom_fields.{}", name_of(&unread.path)),
            expression_of(&unread.path),
        );
        let target = Target {
            side: Side::Response,
            model,
            resource: Some(resource.to_owned()),
            field: field.clone(),
        };
        let new = NewVersion {
            scope: Scope::Account(account.uuid),
            target,
            action: Action::Set(expression.clone()),
            added_type: None,
            restored_version: None,
            definition_digest: Some(definition.digest.as_str().to_owned()),
            note: Some("added by the demo".to_owned()),
        };
        self.workspace()
            .write(move |tx| mapping_override::add(tx, &new))
            .await?;
        // A record that has the field, to show what the override makes of it.
        let query = RecordQuery {
            account: ACCOUNT.to_owned(),
            resource: resource.to_owned(),
            format: RecordFormat::Both,
            native_id: None,
            limit: None,
        };
        let mut stream = self.records(query).await?;
        while let Some(lines) = stream.next().await? {
            for line in lines {
                let line: Value =
                    serde_json::from_slice(&line).map_err(|error| broken(&error.to_string()))?;
                let result = line.get("fields").and_then(|fields| fields.get(&field));
                let filled = result.is_some_and(|result| result["status"] == "ok");
                if let (true, Some(result)) = (filled, result) {
                    let value = value_of(&line["unified"], &field)
                        .cloned()
                        .unwrap_or_default();
                    let level = result["level"].as_str().unwrap_or_default().to_owned();
                    return Ok(DemoOverride {
                        field,
                        expression,
                        level,
                        value,
                        unread,
                    });
                }
            }
        }
        Err(broken("the override gave no value"))
    }
}

/// The value of a unified field; a custom one stands in its map or list.
fn value_of<'v>(unified: &'v Value, field: &str) -> Option<&'v Value> {
    if let Some(value) = unified.get(field) {
        return Some(value);
    }
    let (container, name) = field.split_once('.')?;
    match unified.get(container)? {
        Value::Array(items) => items.iter().find(|item| item["key"] == name)?.get("value"),
        other => other.get(name),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_become_expressions_and_names() {
        assert_eq!(
            expression_of("custom-fields.cost-owner"),
            "`custom-fields`.`cost-owner`"
        );
        assert_eq!(name_of("custom-fields.Cost-Owner"), "cost_owner");
    }

    #[test]
    fn custom_values_are_found_in_maps_and_lists() {
        let map = json!({ "custom_fields": { "owner": 1 } });
        let list = json!({ "custom_fields": [{ "key": "owner", "value": 1 }] });
        for unified in [map, list] {
            assert_eq!(value_of(&unified, "custom_fields.owner"), Some(&json!(1)));
        }
    }
}
