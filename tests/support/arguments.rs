//! Arguments that every command of the window can read, whatever it answers to them.

use serde_json::{Value, json};

pub(crate) const RESOURCE: &str = "invoices";
pub(crate) const MODEL: &str = "procurement/invoice";

/// Opens the lock of a window whose vault is that of [`crate::mock::options`].
const PASSPHRASE: &str = "for tests";

/// What names something of a tenant.
pub(crate) struct Held {
    pub(crate) tenant: String,
    pub(crate) account: String,
    pub(crate) run: Value,
    pub(crate) projection: Value,
    pub(crate) seq: Value,
    /// Null where there is none.
    pub(crate) alert: Value,
    pub(crate) record: String,
}

impl Held {
    /// Every way to fill in a command's arguments with what is held.
    pub(crate) fn ways(&self, command: &str, names: &[String]) -> Vec<Value> {
        let mut ways = vec![json!({})];
        for name in names {
            let values = self.values(command, name);
            ways = ways
                .into_iter()
                .flat_map(|way| {
                    values.iter().map(move |value| {
                        let mut way = way.clone();
                        way[name] = value.clone();
                        way
                    })
                })
                .collect();
        }
        ways
    }

    /// What an argument may be: whatever could name something of the tenant.
    fn values(&self, command: &str, name: &str) -> Vec<Value> {
        let account = &self.account;
        match name {
            "id" => {
                let ids = [
                    json!(self.tenant),
                    json!(account),
                    self.run.clone(),
                    self.alert.clone(),
                    json!(self.record),
                ];
                ids.into_iter().filter(Value::is_string).collect()
            }
            "account" | "a" | "b" | "scope" => vec![json!(account)],
            "tenant" => vec![json!(self.tenant)],
            "run" => vec![self.run.clone()],
            "seq" => vec![self.seq.clone()],
            "projection" => vec![self.projection.clone()],
            "record" => vec![json!(self.record)],
            "which" => vec![
                json!({ "level": "account", "scope": account, "model": MODEL, "resource": null,
                "field": "number", "name": "owners" }),
            ],
            "draft" => vec![
                json!({ "account": account, "model": MODEL, "resource": null, "field": "number",
                "expression": "id", "level": "account", "field_type": null }),
            ],
            "search" => vec![
                json!({ "account": account, "resource": RESOURCE, "model": MODEL, "field": "number",
                "after": null }),
            ],
            "to" => vec![json!([account])],
            "input" => vec![json!({
                "id": "another", "tenant": self.tenant, "connector": "coupa", "kind": "sandbox",
                "environment": null, "config": {}, "client_id": null, "secret": "another secret",
                "scopes": null, "grant": null, "purpose": "read", "allow_hosts": [], "approve": false,
            })],
            "filter" => [json!(account), Value::Null]
                .into_iter()
                .map(|account| {
                    json!({ "tenant": null, "account": account, "resource": null, "kind": null,
                        "since": null, "until": null, "resolved_days": 30, "limit": 50 })
                })
                .collect(),
            "text" => vec![
                json!(self.tenant),
                json!("canary"),
                json!("format: 1\nconnector: coupa\nconnector_version: 1.0.0\n"),
            ],
            _ => vec![nobodys(command, name)],
        }
    }
}

/// An argument that names nobody. One that may be left out is.
fn nobodys(command: &str, name: &str) -> Value {
    match (command, name) {
        ("update_tenant", "changes") => {
            json!({ "name": "changed", "region": null, "contacts": null, "notes": null })
        }
        (_, "changes") => json!([{ "key": "changed", "value": "changed" }]),
        ("set_close_choice", "choice") => json!("ask"),
        (_, "choice") => json!({ "model": null, "field": null, "tables": true }),
        (_, "model") => json!(MODEL),
        (_, "resource") => json!(RESOURCE),
        (_, "field") => json!("number"),
        (_, "level") => json!("account"),
        (_, "table" | "name") => json!("owners"),
        (_, "query") => {
            json!({ "text": "", "offset": 0, "limit": 50, "sort": null, "filter": "", "expanded": null })
        }
        (_, "around") => json!({ "after": null, "before": null }),
        (_, "options") => {
            json!({ "mode": "test", "pages": 1, "budget": 100, "fields": null, "restart": true,
            "mark_exported": false, "confirm": null })
        }
        (_, "rows") => json!({ "offset": 0, "limit": 50, "filter": "" }),
        (_, "csv") => json!("key,value\na,b\n"),
        (_, "until") => json!("2999-01-01T00:00:00Z"),
        (_, "wanted") => json!("30"),
        (_, "format") => json!("jsonl"),
        (_, "answer") => json!(PASSPHRASE),
        (_, "url") => json!("https://example.com/"),
        (_, "filters" | "native" | "columns" | "resources" | "scopes" | "windows") => json!([]),
        (_, "config") => json!({}),
        (_, "connector") => json!("coupa"),
        (_, "purpose") => json!("read"),
        (_, "path" | "keyPath" | "expression" | "typed") => json!("id"),
        (_, "step") => json!("connected"),
        (_, "channel") => json!("__CHANNEL__:1"),
        (_, "json") => json!("{}"),
        (_, "key") => json!("proxy"),
        (_, "offset") => json!(0),
        (_, "limit") => json!(50),
        (_, "version") => json!(1),
        (_, "reveal" | "force" | "replace" | "partial" | "done" | "on" | "openBrowser") => {
            json!(false)
        }
        (_, "dryRun") => json!(true),
        _ => Value::Null,
    }
}
