//! Canaries through every path of the product: no secret is found in anything it writes, prints, passes on or keeps, and
//! values of records only where they were asked for. What is forgotten cannot be read by anybody.

use std::fs;

use serde_json::json;

use crate::support::answer;
use crate::support::canary::{
    SECRET, VALUE, WRONG_SECRET, files_are_clean, heard, instance_of_values, no_secret, no_value,
    processes_are_clean, quiet, shows, watched,
};
use crate::support::instance::Instance;
use crate::support::request::Request;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, Workspace};

const FULL: &str = "-vv sync acme-test invoices --mode full --fields all --budget 100";
const OWN: &str = "--level account --scope acme-test";
const MODEL: &str = "procurement/invoice";

/// An account with its secret, watched as it is added.
fn added(instance: &Instance) -> Workspace {
    let workspace = Workspace::new();
    quiet(&workspace, "-vv tenant add acme --name Acme");
    let url = format!("instance_url={}", instance.url());
    let client = instance.manners().client_id.clone();
    let line = [
        "-vv account add acme-test --tenant acme --connector standin --kind sandbox --set",
        &url,
        "--client-secret-stdin --client-id",
        &client,
        "--scope",
    ];
    let line = line.join(" ");
    let mut args: Vec<&str> = line.split(' ').collect();
    args.push("core.common.read core.invoice.read");
    watched(&workspace, &args, SECRET.as_bytes()).exits(0);
    workspace
}

/// With all its records stored.
fn grown() -> (Instance, Workspace) {
    let instance = instance_of_values(120);
    let workspace = added(&instance);
    quiet(&workspace, "-vv account test acme-test").exits(0);
    quiet(&workspace, FULL).exits(0);
    (instance, workspace)
}

/// A change, which can be made only once.
#[track_caller]
fn done_once(workspace: &Workspace, line: &str) {
    let args: Vec<&str> = line.split(' ').collect();
    let outcome = watched(workspace, &args, b"");
    no_value(line, outcome.exits(0).stderr.as_bytes());
}

#[test]
fn what_goes_well_leaves_nothing_behind() {
    let (instance, workspace) = grown();
    for line in [
        "-vv account renew acme-test",
        "-vv account show acme-test",
        "-vv account list",
        "-vv account request acme-test",
        "-vv sync acme-test invoices --mode incremental --budget 100",
        "-vv sync acme-test invoices --mode unexported --budget 100",
        "-vv runs acme-test",
        "-vv alerts",
        "-vv daemon --once",
        "-vv schedule set acme-test invoices --every 6h",
        "-vv backup create",
        "-vv backup list",
        "-vv audit list --limit 1000",
        "-vv audit verify",
        "-vv audit export",
        "-vv audit export --format csv",
        "-vv custody export",
        "-vv tenant security-report acme",
        "-vv setting list",
        "-vv connector show standin",
        "-vv map show acme-test procurement/invoice",
        "-vv table list",
        "-vv doctor",
    ] {
        let outcome = quiet(&workspace, line);
        assert!(matches!(outcome.code, Some(0 | 1)), "{outcome}");
    }
    let runs = quiet(&workspace, "runs acme-test").done();
    for run in runs.as_array().unwrap() {
        quiet(
            &workspace,
            &format!("-vv run {}", run["run"].as_str().unwrap()),
        );
    }
    files_are_clean(&workspace);
    // A reading account reads: the one thing it posts is the question for a token.
    for request in instance.requests() {
        let expected = if request.path == "/oauth2/token" {
            "POST"
        } else {
            "GET"
        };
        assert_eq!(request.method, expected, "{}", request.path);
    }
}

#[test]
fn values_are_shown_where_they_are_asked_for_and_nowhere_else() {
    let (_instance, workspace) = grown();
    for line in [
        "-vv records acme-test invoices --limit 3",
        "-vv records acme-test invoices --format both --limit 3",
        "-vv get acme-test /invoices/1",
    ] {
        assert!(shows(&workspace, line).contains(VALUE), "{line}");
    }
    done_once(
        &workspace,
        &format!("map set {MODEL} number `invoice-number`&$table('owners','x') {OWN}"),
    );
    shows(
        &workspace,
        &format!("-vv map preview acme-test {MODEL} number supplier.name"),
    );
    done_once(&workspace, &format!("-vv map pin add acme-test {MODEL} 1"));
    shows(&workspace, "-vv map pin list acme-test");
    shows(&workspace, "-vv map check acme-test");
    shows(&workspace, "-vv table unmapped acme-test");
    quiet(&workspace, "map export acme-test").exits(0);
    quiet(
        &workspace,
        &format!("map export acme-test --jsonata --model {MODEL}"),
    )
    .exits(0);
    quiet(&workspace, &format!("map history {MODEL} number {OWN}")).exits(0);
    // What a user puts into an account's table may come from records, and is sealed like them.
    let csv = workspace.home().join("owners.csv");
    fs::write(&csv, format!("key,value\n{VALUE}-owner,Una\n")).unwrap();
    done_once(
        &workspace,
        &format!(
            "-vv table import owners {} {OWN} --note agreed",
            csv.display()
        ),
    );
    fs::remove_file(&csv).unwrap();
    assert!(shows(&workspace, &format!("-vv table export owners {OWN}")).contains(VALUE));
    quiet(&workspace, "-vv backup create").exits(0);
    quiet(&workspace, "-vv audit export").exits(0);
    files_are_clean(&workspace);
}

type Fault = fn(&Request) -> answer::Answer;

/// Answers that repeat what was sent, and what is stored, in every shape.
fn faults() -> [(&'static str, Fault); 12] {
    fn told(request: &Request) -> String {
        let sent = request.header("authorization");
        format!("{sent} {} {VALUE}-told", request.body)
    }
    [
        ("401", |request| {
            answer::json(401, &json!({ "errors": { "base": [told(request)] } }))
        }),
        ("400", |request| {
            answer::json(400, &json!({ "errors": { "query": [told(request)] } }))
        }),
        ("403", |request| {
            answer::json(403, &json!({ "error": told(request) }))
        }),
        ("422", |request| {
            answer::text(422, "text/plain", told(request))
        }),
        ("500", |request| answer::html(500, &told(request))),
        ("an odd page", |request| answer::html(200, &told(request))),
        ("no JSON", |request| {
            answer::text(200, "application/json", told(request))
        }),
        ("XML", |request| {
            answer::xml(200, &format!("<told>{}</told>", told(request)))
        }),
        ("texts for records", |request| {
            answer::json(200, &json!([told(request), { "no-id": told(request) }]))
        }),
        ("no list", |request| {
            answer::json(200, &json!({ "told": told(request) }))
        }),
        ("half an answer", |request| {
            answer::cut_off(&json!([told(request)]).to_string(), 100_000)
        }),
        ("a way elsewhere", |request| {
            let target = format!(
                "https://elsewhere.example/?{}",
                told(request).replace(' ', "+")
            );
            answer::with_header(answer::html(302, "moved"), "location", &target)
        }),
    ]
}

#[test]
fn hostile_answers_get_nothing_told() {
    let (instance, workspace) = grown();
    for (name, fault) in faults() {
        instance.heal();
        instance.fault(move |request| (request.path == "/api/invoices").then(|| fault(request)));
        heard(&workspace, &format!("{FULL} --restart"));
        // Reading a path shows what came, without secrets.
        heard(&workspace, "-vv get acme-test /invoices --query limit=1");
        instance.heal();
        let renew = ["-vv", "account", "renew", ACCOUNT];
        let renewed = watched(&workspace, &renew, b"");
        assert_eq!(renewed.code, Some(0), "after {name}: {renewed}");
    }
    // What the provider said was told when it said it, and is kept nowhere.
    let runs = quiet(&workspace, "-vv runs acme-test").done();
    for run in runs.as_array().unwrap() {
        let run = watched(&workspace, &["run", run["run"].as_str().unwrap()], b"");
        no_value("a run", run.everything().as_bytes());
    }
    for line in [
        "account show acme-test",
        "alerts",
        "audit list --limit 1000",
    ] {
        quiet(&workspace, line).exits(0);
    }
    files_are_clean(&workspace);
}

#[test]
fn a_token_endpoint_that_repeats_what_it_was_sent() {
    let (instance, workspace) = grown();
    for (name, fault) in faults() {
        instance.heal();
        instance.fault(move |request| (request.path == "/oauth2/token").then(|| fault(request)));
        for line in [
            "-vv account renew acme-test",
            "-vv account test acme-test",
            "-vv account show acme-test",
        ] {
            let [_, outcome] = heard(&workspace, line);
            assert!(
                line.contains("show") || outcome.code != Some(0),
                "{name}: {outcome}"
            );
        }
    }
    instance.heal();
    let rotate = ["-vv", "account", "rotate", ACCOUNT, "--client-secret-stdin"];
    let refused = watched(&workspace, &rotate, WRONG_SECRET.as_bytes());
    assert_eq!(refused.code, Some(3), "{refused}");
    watched(&workspace, &rotate, SECRET.as_bytes()).exits(0);
    quiet(&workspace, "-vv audit export").exits(0);
    files_are_clean(&workspace);
}

#[test]
fn a_killed_process_leaves_no_secret_and_no_value() {
    let instance = instance_of_values(1_000);
    let workspace = added(&instance);
    quiet(&workspace, "-vv account test acme-test").exits(0);
    let sync: Vec<&str> = FULL.split(' ').collect();
    let renew = ["-vv", "account", "renew", ACCOUNT];
    for (path, after, args) in [
        ("/api/invoices", 2, &sync[..]),
        ("/api/invoices", 7, &sync[..]),
        ("/oauth2/token", 0, &renew[..]),
    ] {
        let asked = instance.requests_of(path).len();
        instance.hold_after(path, asked + after);
        let running = Running::start(args.join(" "), workspace.command(args), b"");
        instance.wait_for(path, asked + after + 1);
        processes_are_clean(running.pid());
        running.signal(libc::SIGKILL);
        let killed = running.outcome();
        instance.release();
        no_secret(
            "a killed program's last words",
            killed.everything().as_bytes(),
        );
        no_value(
            "a killed program's last words",
            killed.everything().as_bytes(),
        );
        // The log of the database is still there.
        files_are_clean(&workspace);
    }
    quiet(&workspace, FULL).exits(0);
    files_are_clean(&workspace);
}

#[test]
fn what_was_forgotten_cannot_be_read_even_from_a_backup() {
    let (_instance, workspace) = grown();
    done_once(&workspace, &format!("map pin add acme-test {MODEL} 1"));
    let backup = quiet(&workspace, "backup create").done();
    let name = backup["name"].as_str().unwrap().to_owned();
    assert!(shows(&workspace, "records acme-test invoices").contains(VALUE));
    let revoked = watched(
        &workspace,
        &["-vv", "account", "revoke", ACCOUNT, "--yes"],
        b"",
    );
    no_value(
        "what revoking told",
        revoked.exits(0).everything().as_bytes(),
    );
    let unreadable = |workspace: &Workspace| {
        for line in [
            "-vv records acme-test invoices",
            "-vv records acme-test invoices --format unified",
            "-vv map check acme-test",
            "-vv map pin list acme-test",
            "-vv runs acme-test",
            "-vv account show acme-test",
        ] {
            quiet(workspace, line);
        }
        files_are_clean(workspace);
    };
    unreadable(&workspace);
    // The records are in the backup, sealed under keys that are nowhere any more.
    quiet(&workspace, &format!("backup restore {name} --yes")).exits(0);
    let after = quiet(&workspace, "records acme-test invoices");
    assert_ne!(after.code, Some(0), "{after}");
    let error = after.fails_on_stderr(4);
    assert_eq!(error["code"], "vault_entry_missing", "{error}");
    unreadable(&workspace);
}

#[test]
fn a_backup_holds_no_keys() {
    let (_instance, workspace) = grown();
    let vault = workspace.folder().join("vault.xwv");
    let sealed = fs::read(&vault).unwrap();
    assert!(sealed.starts_with(b"XWVAULT"));
    quiet(&workspace, "backup create").exits(0);
    for entry in fs::read_dir(workspace.folder().join("backups")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap(), "db", "{}", path.display());
        let bytes = fs::read(&path).unwrap();
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(!holds(b"XWVAULT"), "{}", path.display());
        // Nor any stretch of it: the salt, or sealed entries.
        for stretch in sealed.chunks_exact(16) {
            assert!(!holds(stretch), "{}", path.display());
        }
    }
}

#[cfg(unix)]
#[test]
fn another_local_user_can_read_no_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_instance, workspace) = grown();
    quiet(&workspace, "backup create").exits(0);
    let open =
        |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o077 != 0;
    // The folder itself was made by the test, readable by everybody, as one in a shared place may be.
    assert!(!open(&workspace.folder()));
    for (path, _) in workspace.files() {
        let inside = path.strip_prefix(workspace.folder());
        let Ok(inside) = inside.map(std::path::Path::to_path_buf) else {
            continue;
        };
        if inside.starts_with("connectors") {
            continue;
        }
        let ways = path.ancestors().take(inside.components().count());
        assert!(
            ways.into_iter().any(|way| !open(way)),
            "{}",
            inside.display()
        );
    }
}
