//! Canaries through the sign-ins of people: no code, proof or token of theirs is found in anything that is written,
//! printed or kept.

use serde_json::json;

use crate::renewals::{TOKEN as TOKEN_PATH, any_port};
use crate::support::answer;
use crate::support::browser::Browser;
use crate::support::canary::{
    SECRET, files_are_clean, forms, instance as canary_instance, no_secret, none_of,
    processes_are_clean, quiet, watched,
};
use crate::support::instance::Instance;
use crate::support::outcome::Outcome;
use crate::support::request::Request;
use crate::support::workspace::{ACCOUNT, Workspace};

const REVOKE_PATH: &str = "/oauth2/revoke";

/// What is sent to a token endpoint and proves something.
const PROOFS: [&str; 5] = [
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
    "token",
];

/// An account that a person signs in to.
fn added(instance: &Instance, grant: &str) -> Workspace {
    let workspace = Workspace::with(&any_port().with(
        "    settle: 0s",
        "    settle: 0s\n    revoke_url: \"{{config.instance_url}}/oauth2/revoke\"",
    ));
    let tenant = ["-vv", "tenant", "add", "acme", "--name", "Acme"];
    watched(&workspace, &tenant, b"").exits(0);
    let url = format!("instance_url={}", instance.url());
    let client = instance.manners().client_id.clone();
    let line = [
        "-vv account add acme-test --tenant acme --connector standin --kind sandbox --set",
        &url,
        "--client-secret-stdin --client-id",
        &client,
        "--grant",
        grant,
        "--scope",
    ];
    let line = line.join(" ");
    let mut args: Vec<&str> = line.split(' ').collect();
    args.push("core.common.read core.invoice.read");
    watched(&workspace, &args, SECRET.as_bytes()).exits(0);
    workspace
}

/// Signs in over the browser. What it says holds the address, and with it the state: that is what it is for.
#[track_caller]
fn in_the_browser(workspace: &Workspace) -> Outcome {
    let mut running = workspace.start(&["-vv", "account", "connect", ACCOUNT]);
    let address = running.line_with("http://");
    processes_are_clean(running.pid());
    let page = Browser::default().open(&address);
    no_secret("the page the browser ends on", page.body.as_bytes());
    running.outcome()
}

/// Signs in with a code on another device.
#[track_caller]
fn on_a_device(workspace: &Workspace) -> Outcome {
    let args = ["-vv", "account", "connect", ACCOUNT, "--device"];
    watched(workspace, &args, b"")
}

/// What the instance was sent so far that proves something.
fn proofs(instance: &Instance) -> Vec<(String, String)> {
    let asked = [TOKEN_PATH, REVOKE_PATH].map(|path| instance.requests_of(path));
    let sent = asked.iter().flatten().flat_map(Request::form);
    sent.filter(|(name, _)| PROOFS.contains(&name.as_str()))
        .collect()
}

/// None of them is in anything these commands print, nor in any file.
#[track_caller]
fn nothing_is_left_behind(instance: &Instance, workspace: &Workspace, said: &[Outcome]) {
    let mut sought: Vec<String> = proofs(instance)
        .iter()
        .flat_map(|(_, proof)| forms(proof))
        .collect();
    for outcome in said {
        let what = format!("what {} wrote", outcome.line);
        none_of(&sought, &what, outcome.everything().as_bytes());
        no_secret(&what, outcome.everything().as_bytes());
    }
    // The state is in the address that was shown, and nowhere else.
    let pages = instance.requests_of("/oauth2/authorizations/new");
    let states = pages.iter().filter_map(|request| request.param("state"));
    sought.extend(states.flat_map(forms));
    files_are_clean(workspace);
    for (path, bytes) in workspace.files() {
        let name = path.display().to_string();
        none_of(&sought, &name, name.as_bytes());
        none_of(&sought, &name, &bytes);
    }
}

/// The life of an account that was signed in to, to its end.
fn lived(instance: &Instance, workspace: &Workspace, signed_in: Outcome) -> Vec<Outcome> {
    signed_in.exits(0);
    let mut said = vec![signed_in];
    for line in [
        "-vv account renew acme-test",
        "-vv account test acme-test",
        "-vv account show acme-test",
        "-vv sync acme-test invoices --budget 100",
        "-vv runs acme-test",
        "-vv alerts",
        "-vv doctor",
        "-vv audit list --limit 1000",
        "-vv audit export",
        "-vv audit export --format csv",
        "-vv custody export",
        "-vv tenant security-report acme",
        "-vv backup create",
    ] {
        let outcome = quiet(workspace, line);
        assert!(matches!(outcome.code, Some(0 | 1)), "{outcome}");
        said.push(outcome);
    }
    // A provider that repeats what it was sent.
    instance.fault(|request| {
        let told = format!("you sent {}", request.body);
        let refused = json!({ "error": "invalid_request", "error_description": told });
        (request.path == TOKEN_PATH).then(|| answer::json(400, &refused))
    });
    let refused = quiet(workspace, "-vv account renew acme-test");
    assert_ne!(refused.code, Some(0), "{refused}");
    said.push(refused);
    instance.heal();
    let revoke = ["-vv", "account", "revoke", ACCOUNT, "--yes"];
    said.push(watched(workspace, &revoke, b""));
    said.push(quiet(workspace, "-vv audit export"));
    said
}

/// Each of these was sent, so that it could have been left somewhere.
#[track_caller]
fn were_sent(instance: &Instance, wanted: &[&str]) {
    let sent = proofs(instance);
    for name in wanted {
        let found = sent.iter().find(|(key, _)| key == name);
        assert!(found.is_some_and(|(_, text)| text.len() > 8), "{name}");
    }
}

#[test]
fn a_sign_in_over_the_browser_leaves_nothing_behind() {
    let instance = canary_instance();
    let workspace = added(&instance, "authorization_code");
    // First with a provider that refuses and repeats the code and its proof.
    instance.fault(|request| {
        (request.path == TOKEN_PATH).then(|| answer::text(400, "text/plain", request.body.clone()))
    });
    let refused = in_the_browser(&workspace);
    assert_ne!(refused.code, Some(0), "{refused}");
    instance.heal();
    let signed_in = in_the_browser(&workspace);
    let mut said = lived(&instance, &workspace, signed_in);
    said.push(refused);
    were_sent(
        &instance,
        &["code", "code_verifier", "refresh_token", "token"],
    );
    nothing_is_left_behind(&instance, &workspace, &said);
}

#[test]
fn a_sign_in_on_another_device_leaves_nothing_behind() {
    let instance = canary_instance();
    let workspace = added(&instance, "device_code");
    let signed_in = on_a_device(&workspace);
    let said = lived(&instance, &workspace, signed_in);
    were_sent(&instance, &["device_code", "refresh_token", "token"]);
    nothing_is_left_behind(&instance, &workspace, &said);
}
