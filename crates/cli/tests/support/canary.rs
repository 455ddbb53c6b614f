//! Canaries: a secret, a token and values of records that are looked for wherever they must not be.

use std::sync::LazyLock;
use std::time::Duration;

use serde_json::json;

use super::families::{family, proc_text};
use super::instance::Instance;
use super::invoice::invoices;
use super::manners::Manners;
use super::outcome::Outcome;
use super::running::Running;
use super::sign_in::{CODE, DEVICE, REFRESH};
use super::workspace::{PASSPHRASE, Workspace};

pub const SECRET: &str = "CANARYsecret7f3a91c5e2d84b60";
pub const TOKEN: &str = "eyJCANARYtoken51d0c3b7a9";
/// A secret that a provider does not take.
pub const WRONG_SECRET: &str = "CANARYwrongsecret40be9d17aa";
/// Begins every value of a record that is a canary.
pub const VALUE: &str = "CANARYvalue";

/// An instance whose secret and tokens are canaries.
pub fn instance() -> Instance {
    let manners = Manners {
        client_secret: SECRET.to_owned(),
        token_prefix: TOKEN.to_owned(),
        latency: Duration::from_millis(8),
        ..Manners::default()
    };
    let instance = Instance::with(manners);
    instance.put("invoices", invoices(300));
    instance
}

/// An instance whose records are canaries too, in texts, in a custom field, in a name and in what is sensitive.
pub fn instance_of_values(count: i64) -> Instance {
    let instance = instance();
    let mut records = invoices(count);
    for record in &mut records {
        let id = record["id"].clone();
        record["internal-note"] = json!(format!("{VALUE}-note-{id} {VALUE}-note-{id}"));
        record["invoice-number"] = json!(format!("{VALUE}-number-{id}"));
        record["supplier"]["name"] = json!(format!("{VALUE}-supplier"));
        record["custom-fields"]["cost-owner"] = json!(format!("{VALUE}-owner"));
        record["custom-fields"]["CANARYfield"] = json!(format!("{VALUE}-custom"));
        record["bill-to-address"] = json!({ "id": 1, "street1": format!("{VALUE}-street") });
    }
    instance.put("invoices", records);
    instance
}

/// Base64 of all but the first and last bytes, at each of the three alignments.
fn base64_forms(text: &str) -> Vec<String> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = text.as_bytes();
    let encode = |bytes: &[u8]| {
        let digits = bytes.chunks_exact(3).flat_map(|three| {
            let number = three
                .iter()
                .fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| char::from(DIGITS[number >> shift & 63]))
        });
        digits.collect::<String>()
    };
    (0..3).map(|skip| encode(&bytes[skip..])).collect()
}

/// No secret is in it, as it is or in base64.
#[track_caller]
pub fn no_secret(what: &str, bytes: &[u8]) {
    static FORMS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let signed_in = [CODE, DEVICE, REFRESH];
        let canaries = [&[SECRET, WRONG_SECRET, TOKEN, PASSPHRASE][..], &signed_in].concat();
        canaries.into_iter().flat_map(forms).collect()
    });
    none_of(&FORMS, what, bytes);
}

/// A text as it is and in base64.
pub fn forms(text: &str) -> Vec<String> {
    let mut forms = base64_forms(text);
    forms.push(text.to_owned());
    forms
}

/// None of these forms is in it.
#[track_caller]
pub fn none_of(forms: &[String], what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms {
        assert!(!text.contains(form), "{form} is in {what}: {text:.2000}");
    }
}

/// No value of a record is in it.
#[track_caller]
pub fn no_value(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert!(!text.contains(VALUE), "a value is in {what}: {text:.2000}");
}

/// No file of the workspace holds a secret or a value, nor is one named after it.
#[track_caller]
pub fn files_are_clean(workspace: &Workspace) {
    let files = workspace.files();
    assert!(files.iter().any(|(path, _)| path.ends_with("workspace.db")));
    for (path, bytes) in files {
        let name = path.display().to_string();
        for bytes in [name.as_bytes(), &bytes] {
            no_secret(&name, bytes);
            no_value(&name, bytes);
        }
    }
}

/// Neither the arguments of a process and its children nor the children's environment hold a canary; gives how many
/// children were looked at.
#[track_caller]
pub fn processes_are_clean(pid: u32) -> usize {
    let mut children = 0;
    let own = proc_text(pid, "cmdline");
    for member in family(pid) {
        let arguments = proc_text(member, "cmdline");
        no_secret("an argument", arguments.as_bytes());
        no_value("an argument", arguments.as_bytes());
        // Between fork and exec a child still is its parent.
        if member != pid && arguments != own && !arguments.is_empty() {
            let environment = proc_text(member, "environ");
            assert!(
                environment.trim_matches('\0').is_empty(),
                "a worker's environment: {environment:?}"
            );
            children += 1;
        }
    }
    children
}

/// Runs `xwalk … --json`, looking at its processes all the while. No secret is in what it writes.
#[track_caller]
pub fn watched(workspace: &Workspace, args: &[&str], stdin: &[u8]) -> Outcome {
    let args = [args, &["--json"]].concat();
    let mut running = Running::start(args.join(" "), workspace.command(&args), stdin);
    while running.is_running() {
        processes_are_clean(running.pid());
        std::thread::sleep(Duration::from_millis(2));
    }
    let outcome = running.outcome();
    no_secret(
        &format!("what {} wrote", outcome.line),
        outcome.everything().as_bytes(),
    );
    outcome
}

/// Runs a command for a person and for a machine: [`watched`]. It may print what a provider said, in the provider's words.
#[track_caller]
pub fn heard(workspace: &Workspace, line: &str) -> [Outcome; 2] {
    let args: Vec<&str> = line.split(' ').collect();
    let both = [workspace.human(&args), watched(workspace, &args, b"")];
    for outcome in &both {
        let text = outcome.everything();
        no_secret(&format!("what {line} printed"), text.as_bytes());
        assert!(!text.contains("panicked at"), "{outcome}");
        assert!(outcome.code.is_some(), "{outcome}");
    }
    both
}

/// [`heard`], of a command whose result holds values, since that is what it is for; none is in what it logs.
#[track_caller]
pub fn shows(workspace: &Workspace, line: &str) -> String {
    let both = heard(workspace, line);
    for outcome in &both {
        no_value(&format!("the log of {line}"), outcome.stderr.as_bytes());
        assert!(matches!(outcome.code, Some(0 | 1)), "{outcome}");
    }
    let [_, machine] = both;
    machine.stdout
}

/// [`heard`], of a command that nobody asks for records: no value is in anything it prints.
#[track_caller]
pub fn quiet(workspace: &Workspace, line: &str) -> Outcome {
    let both = heard(workspace, line);
    for outcome in &both {
        no_value(
            &format!("what {line} printed"),
            outcome.everything().as_bytes(),
        );
    }
    let [_, machine] = both;
    machine
}
