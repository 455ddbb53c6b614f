//! Canaries through everything the window hands out: no secret is in any of it, and no value of a record but in a table
//! that somebody wrote it into. Each says the audit's head, and the chain still holds it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crosswalk_sandbox::{Credentials, Resource, RunningSandbox, Sandbox, SandboxConfig};
use serde_json::{Value, json};

use crate::stage::{MODEL, RESOURCE, Stage, worker};

const TENANT: &str = "heron";
const ACCOUNT: &str = "heron-test";

const SECRET: &str = "CANARYsecret7f3a91c5e2d84b60";
/// A secret that the provider does not take.
const WRONG_SECRET: &str = "CANARYwrongsecret40be9d17aa";
/// How every token of the stand-in begins: its header.
const TOKEN: &str = "eyJhbGciOiJSUzI1NiI";
const SECRETS: [&str; 3] = [SECRET, WRONG_SECRET, TOKEN];

/// A custom field of every invoice.
const VALUE: &str = "CANARYvalue-of-a-record";
/// What somebody wrote from a record into a table.
const CODE: &str = "CANARYvalue-in-a-table";

/// An instance whose secret is a canary, and whose invoices hold one.
fn instance() -> RunningSandbox {
    let config = SandboxConfig {
        credentials: Some(Credentials {
            client_id: "heron-client".to_owned(),
            client_secret: SECRET.to_owned(),
        }),
        extra_custom_fields: vec![("nest".to_owned(), VALUE.to_owned())],
        ..SandboxConfig::for_tests()
    };
    Sandbox::start_on_thread(config.with(Resource::Invoices, 30)).unwrap()
}

/// An account of the instance, its invoices stored.
fn connect(stage: &Stage, instance: &RunningSandbox) {
    let ask = |command: &str, arguments: Value| stage.call(command, arguments).unwrap();
    ask(
        "add_tenant",
        json!({ "id": TENANT, "name": "Heron Paper", "region": "EU" }),
    );
    let input = json!({
        "id": ACCOUNT, "tenant": TENANT, "connector": "coupa", "kind": "sandbox", "environment": null,
        "config": { "instance_url": instance.url(), "custom_object_id": "" }, "client_id": instance.client_id(),
        "secret": SECRET, "scopes": null, "grant": "client_credentials", "purpose": "read", "allow_hosts": [],
    });
    ask("add_account", json!({ "input": input }));
    ask("renew_token", json!({ "account": ACCOUNT }));
    let options = json!({ "mode": "full", "pages": null, "budget": 100, "fields": "all", "restart": false,
        "mark_exported": false, "confirm": null });
    let run = ask(
        "start_sync",
        json!({ "account": ACCOUNT, "resource": RESOURCE, "options": options }),
    );
    let until = Instant::now() + Duration::from_mins(1);
    while ask("run", json!({ "id": run }))["status"] != "completed" {
        assert!(Instant::now() < until, "the sync does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What an engineer does with records, and what goes wrong: all of it is in the audit.
fn work(stage: &Stage) {
    let ask = |command: &str, arguments: Value| stage.call(command, arguments).unwrap();
    let record = |more: Value| {
        let mut arguments = json!({ "account": ACCOUNT, "resource": RESOURCE });
        for (key, value) in more.as_object().unwrap() {
            arguments[key] = value.clone();
        }
        arguments
    };
    let around = json!({ "failing_field": null, "after": null, "before": null });
    let place = ask("record_ids", record(json!({ "around": around })));
    let id = place["next"].clone();
    let look = json!({ "id": id, "path": "custom-fields.nest", "reveal": true });
    let shown = ask("raw_value", record(look));
    assert!(shown.as_str().unwrap().contains(VALUE), "{shown}");
    let calls =
        json!({ "account": ACCOUNT, "query": { "text": RESOURCE, "offset": 0, "limit": 1 } });
    let seq = ask("calls", calls)["rows"][0]["seq"].clone();
    let again = ask("replay_call", json!({ "seq": seq }));
    assert_eq!(again["row"]["status"], 200, "{again}");
    let table = json!({ "level": "account", "scope": ACCOUNT, "name": "owners" });
    ask(
        "save_table",
        json!({ "which": table, "changes": [{ "key": CODE, "value": "Una" }], "note": null }),
    );
    if worker().is_some() {
        let pin = json!({ "model": MODEL, "id": id, "note": null });
        ask("pin_record", record(pin));
    }
    let input = json!({ "client_id": null, "secret": WRONG_SECRET });
    let refused = stage
        .call(
            "rotate_secret",
            json!({ "account": ACCOUNT, "input": input }),
        )
        .unwrap_err();
    assert!(!refused.to_string().contains(WRONG_SECRET), "{refused}");
}

/// What a file says; of a bundle, what its files say.
fn text_of(path: &Path) -> String {
    let file = std::fs::File::open(path).unwrap();
    let Ok(mut bundle) = zip::ZipArchive::new(file) else {
        return String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    };
    let mut all = String::new();
    for at in 0..bundle.len() {
        let mut part = bundle.by_index(at).unwrap();
        part.read_to_string(&mut all).unwrap();
        all.push('\n');
    }
    all
}

/// Every command that hands something out, with what it handed out. Written files are looked into.
fn handed_out(stage: &Stage) -> BTreeMap<String, String> {
    let rows =
        json!({ "tenant": null, "account": null, "kind": null, "since": null, "until": null });
    let which = json!({ "level": "account", "scope": ACCOUNT, "name": "owners" });
    let asked = [
        (
            "export_audit",
            "",
            json!({ "filter": rows, "format": "jsonl" }),
        ),
        (
            "export_audit",
            " as CSV",
            json!({ "filter": rows, "format": "csv" }),
        ),
        ("export_custody", "", json!({})),
        ("security_report", "", json!({ "id": TENANT })),
        ("export_security_report", "", json!({ "id": TENANT })),
        ("tenant_report", "", json!({ "id": TENANT })),
        ("diagnostics_bundle", "", json!({})),
        (
            "export_bundle",
            "",
            json!({ "level": "account", "scope": ACCOUNT }),
        ),
        (
            "export_jsonata",
            "",
            json!({ "account": ACCOUNT, "model": MODEL, "resource": RESOURCE }),
        ),
        ("export_table", "", json!({ "which": which })),
    ];
    let mut found = BTreeMap::new();
    for (command, how, arguments) in asked {
        let answer = stage
            .call(command, arguments)
            .unwrap_or_else(|fault| panic!("{command}: {fault}"));
        let said = match (&answer, answer["path"].as_str()) {
            (Value::String(page), _) => page.clone(),
            (_, Some(path)) => text_of(Path::new(path)),
            (_, None) => answer["text"].as_str().unwrap().to_owned(),
        };
        // The head stands in it, or beside it.
        let against = match (command, answer["head"]["seq"].as_u64()) {
            ("diagnostics_bundle", _) => about_of(&said),
            (_, Some(seq)) => format!(
                "Audit head: row {seq} {}",
                answer["head"]["hash"].as_str().unwrap()
            ),
            _ => said.clone(),
        };
        let verdict = stage
            .call("verify_audit", json!({ "against": against }))
            .unwrap_or_else(|fault| panic!("{command} says no head: {fault}"));
        assert_eq!(
            (&verdict["ok"], &verdict["compared"]),
            (&json!(true), &json!(1)),
            "{command}: {verdict}"
        );
        found.insert(format!("{command}{how}"), said);
    }
    found
}

/// The first document of a diagnostics bundle.
fn about_of(bundle: &str) -> String {
    let mut documents = serde_json::Deserializer::from_str(bundle).into_iter::<Value>();
    let about = documents.next().unwrap().unwrap();
    assert!(about["crosswalk"].is_string(), "{about}");
    about.to_string()
}

/// The commands whose names say that they hand something out.
fn exports_there_are() -> Vec<String> {
    let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/backend/bindings.ts");
    let text = std::fs::read_to_string(bindings).unwrap();
    let names = text.split("__TAURI_INVOKE(\"").skip(1);
    let names = names.filter_map(|call| Some(call.split_once('"')?.0));
    let hands_out = |name: &&str| {
        name.starts_with("export_")
            || name.ends_with("_report")
            || (name.ends_with("_bundle") && *name != "import_bundle")
    };
    names.filter(hands_out).map(str::to_owned).collect()
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[track_caller]
fn lacks(what: &str, text: &str, canaries: &[&str]) {
    for canary in canaries {
        assert!(
            !text.contains(canary),
            "{canary} is in {what}: {text:.2000}"
        );
    }
}

#[test]
fn nothing_that_is_handed_out_holds_a_secret_or_a_value_that_was_not_asked_for() {
    let stage = Stage::new(1);
    let instance = instance();
    connect(&stage, &instance);
    work(&stage);
    let found = handed_out(&stage);
    for command in exports_there_are() {
        assert!(found.contains_key(&command), "{command} is not looked at");
    }
    for (command, said) in &found {
        assert!(!said.is_empty(), "{command}");
        lacks(command, said, &SECRETS);
        lacks(command, said, &[VALUE]);
        // A table is what somebody wrote into it, and a bundle holds the tables.
        let tables = matches!(command.as_str(), "export_table" | "export_bundle");
        assert_eq!(said.contains(CODE), tables, "{command}: {said:.2000}");
    }
    stage.call("create_backup", json!({})).unwrap();
    // And nothing is left of them in any file of the workspace, names of files included.
    let files = files_below(stage.folder.path());
    assert!(files.iter().any(|path| path.ends_with("workspace.db")));
    let exports = |path: &&PathBuf| {
        path.parent()
            .is_some_and(|folder| folder.ends_with("exports"))
    };
    assert_eq!(files.iter().filter(exports).count(), 4, "{files:?}");
    for path in files {
        let name = path.display().to_string();
        let text = text_of(&path);
        for said in [&name, &text] {
            lacks(&name, said, &SECRETS);
            lacks(&name, said, &[VALUE, CODE]);
        }
    }
}
