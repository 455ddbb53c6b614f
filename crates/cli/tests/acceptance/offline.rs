//! Authoring with no network at all: everything the mapping studio does, in a namespace without interfaces.

use std::fs;

use serde_json::{Value, json};

use crate::overrides::stored;
use crate::support::offline::offline;
use crate::support::outcome::Outcome;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, Workspace};

const MODEL: &str = "procurement/invoice";
const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];

/// `xwalk … --json` without a network; none where the system does not permit that.
fn run(workspace: &Workspace, args: &[&str], stdin: &[u8]) -> Option<Outcome> {
    let args = [args, &["--json"]].concat();
    let command = offline(&workspace.command(&args))?;
    Some(Running::start(args.join(" "), command, stdin).outcome())
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole of authoring, once")]
fn the_whole_of_authoring_needs_no_network() {
    let (_instance, workspace) = stored();
    if run(&workspace, &["tenant", "list"], b"").is_none() {
        eprintln!("skipped: network namespaces are not permitted here");
        return;
    }
    let go = |args: &[&str]| run(&workspace, args, b"").unwrap();
    let own = |args: &[&str]| go(&[args, &OWN].concat());
    let done = |args: &[&str]| go(args).done();

    // There is none indeed: what asks the provider fails, and says so.
    let words = ["query", ACCOUNT, MODEL, "--filter", "status=draft"];
    let code = go(&words).fails_on_stderr(1)["code"].clone();
    assert!(
        code.as_str().is_some_and(|code| code.starts_with("tcp_")),
        "{code}"
    );

    let shown = done(&["map", "show", ACCOUNT, MODEL]);
    assert_eq!(shown["fields"]["number"]["level"], "connector");
    assert!(
        done(&["query", ACCOUNT, MODEL, "--list"])
            .as_array()
            .unwrap()
            .len()
            > 5
    );
    let draft = "`invoice-number` & '/x'";
    let preview = done(&["map", "preview", ACCOUNT, MODEL, "number", draft]);
    assert_eq!(
        (&preview["records"], &preview["changed"]),
        (&json!(24), &json!(24))
    );
    done(&["map", "pin", "add", ACCOUNT, MODEL, "7"]);
    let saved = own(&["map", "set", MODEL, "number", draft, "--note", "on a train"]).done();
    assert!(saved["warnings"].to_string().contains("pin"), "{saved}");
    assert_eq!(
        own(&[
            "map",
            "set",
            MODEL,
            "owner",
            "$table('owners', `custom-fields`.`cost-owner`)",
            "--type",
            "string"
        ])
        .done()["version"],
        1
    );
    let check = go(&["map", "check", ACCOUNT, MODEL]).result_with_error(1);
    assert!(check.to_string().contains("pin_broken"), "{check:#}");
    done(&["map", "pin", "remove", ACCOUNT, MODEL, "7"]);
    let unmapped = done(&["table", "unmapped", ACCOUNT]);
    assert_eq!(unmapped.as_array().unwrap().len(), 4);
    let csv = workspace.home().join("owners.csv");
    fs::write(&csv, "key,value\nowner 0,Zoe\nowner 1,Una\n").unwrap();
    let file = csv.to_str().unwrap();
    assert_eq!(own(&["table", "import", "owners", file]).done()["added"], 2);
    let left = done(&["table", "unmapped", ACCOUNT, "owners"]);
    assert_eq!(left.as_array().unwrap().len(), 2);
    go(&["map", "check", ACCOUNT, MODEL]).exits(0);

    let history = |field: &str| own(&["map", "history", MODEL, field]).done();
    assert_eq!(history("number")[0]["note"], "on a train");
    own(&["map", "restore", MODEL, "number"]).exits(0);
    own(&["map", "restore", MODEL, "number", "1"]).exits(0);
    assert_eq!(history("number").as_array().unwrap().len(), 3);
    let bundle = done(&["map", "export", ACCOUNT])["text"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = workspace.home().join("bundle.yaml");
    fs::write(&file, bundle.replace("/x", "/y")).unwrap();
    let import = ["map", "import", file.to_str().unwrap()];
    let dry = own(&[&import[..], &["--dry-run"]].concat()).done();
    assert_eq!(dry["accounts"][0]["changed"], 24, "{dry:#}");
    own(&import).exits(0);
    let unified = go(&["records", ACCOUNT, "invoices", "--format", "unified"])
        .exits(0)
        .lines();
    assert_eq!(
        (&unified[0]["number"], &unified[0]["owner"]),
        (&json!("INV-000001/y"), &json!("Una"))
    );
    let document = done(&["map", "export", ACCOUNT, "--jsonata", "--model", MODEL]);
    let raw = &go(&["records", ACCOUNT, "invoices", "--id", "1"])
        .exits(0)
        .lines()[0];
    let value = run(
        &workspace,
        &["jsonata", document["text"].as_str().unwrap()],
        raw.to_string().as_bytes(),
    )
    .unwrap()
    .done();
    assert_eq!(value["number"], "INV-000001/y");

    assert_eq!(done(&["drift", ACCOUNT])[0]["resource"], "invoices");
    own(&[
        "map",
        "set",
        MODEL,
        "status",
        "{ \"status\": { \"eq\": status } }",
        "--request",
    ])
    .exits(0);
    done(&["map", "promote", ACCOUNT, "--field", "number"]);
    let words = [
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--kind",
        "production",
        "--set",
    ];
    let url = ["instance_url=http://127.0.0.1:9"];
    go(&[&["account", "add", "acme-prod"][..], &words, &url].concat()).exits(0);
    let compared = done(&["compare", ACCOUNT, "acme-prod"]);
    assert!(
        compared["mapping"].to_string().contains("/y"),
        "{compared:#}"
    );
    let twin = done(&["map", "promote", ACCOUNT, "--twin", "--tables", "--dry-run"]);
    assert_eq!(twin["accounts"][0]["account"], "acme-prod", "{twin:#}");
}

#[test]
fn a_draft_is_tried_on_samples_that_are_never_stored() {
    let (_instance, workspace) = stored();
    let file = workspace.home().join("sample.json");
    let lines = "{\"id\": 901, \"gross-total\": \"1.50\"}\n{\"id\": 902}\n";
    fs::write(&file, lines).unwrap();
    let file = file.to_str().unwrap();
    let preview = |words: &[&str], stdin: &[u8]| {
        let all = [&["map", "preview", ACCOUNT, MODEL, "total"][..], words].concat();
        workspace.json_with(&all, stdin)
    };
    let doubled = "$decimal_mul(`gross-total`, \"2\")";
    let found = preview(&[doubled, "--sample", file], b"").done();
    assert_eq!(
        (&found["records"], &found["changed"]),
        (&json!(2), &json!(1))
    );
    let examples = found["examples"].as_array().unwrap();
    let ids: Vec<&Value> = examples.iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["901", "902"]);
    assert_eq!(
        (&examples[0]["before"], &examples[0]["after"]),
        (&json!("1.50"), &json!("3.00"))
    );
    assert_eq!(examples[1]["kind"], "same");
    let pasted = b"[{\"id\": 1, \"gross-total\": \"7\"}]";
    let found = preview(&["`gross-total`", "--sample", "-"], pasted).done();
    assert_eq!(
        (&found["records"], &found["examples"][0]["after"]),
        (&json!(1), &json!("7"))
    );
    for (words, stdin, code) in [
        (["-", "--sample", "-"], &b"x"[..], "invalid_input"),
        (["total", "--sample", "-"], b"{", "input_not_json"),
        (["total", "--sample", "-"], b"[]", "no_samples"),
        (
            ["total", "--sample", "nowhere.json"],
            b"",
            "input_unreadable",
        ),
    ] {
        assert_eq!(preview(&words, stdin).fails(2)["code"], code, "{words:?}");
    }
    let stored = workspace.records("invoices", "raw");
    assert_eq!(stored.len(), 24, "nothing of it was stored");
}
