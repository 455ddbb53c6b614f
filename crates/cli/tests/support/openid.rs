//! A real OpenID provider, `oidc-provider` from npm, and the person who signs in there.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::browser::{Browser, Page};
use super::running::Guarded;

/// The client the provider knows; a native one, without a secret.
pub const CLIENT: &str = "crosswalk-native";

/// A provider that is running. Ends when dropped.
pub struct OpenId {
    url: String,
    _child: Guarded,
    /// It ends with the one, and must not write into the other when nobody holds it.
    _pipes: (ChildStdin, BufReader<ChildStdout>),
}

fn ui() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui")
}

/// A provider whose access tokens live for so many seconds; none where node or the package is missing, which is said.
pub fn start(life: u32) -> Option<OpenId> {
    if !ui().join("node_modules/oidc-provider").is_dir() {
        eprintln!("skipped: oidc-provider is not installed (`npm ci` in ui)");
        return None;
    }
    let spawned: std::io::Result<Child> = Command::new("node")
        .arg(ui().join("scripts/oidc-provider.mjs"))
        .arg(life.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = spawned else {
        eprintln!("skipped: there is no node");
        return None;
    };
    let mut child = Guarded(child);
    let stdin = child.0.stdin.take().unwrap();
    let mut first = String::new();
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    let first: Value = serde_json::from_str(&first).expect("the provider's first line");
    Some(OpenId {
        url: first["url"].as_str().unwrap().to_owned(),
        _child: child,
        _pipes: (stdin, stdout),
    })
}

/// Where a page's form goes.
fn action(page: &Page) -> String {
    let rest = page
        .body
        .split_once("action=\"")
        .unwrap_or_else(|| panic!("no form: {page:?}"))
        .1;
    rest.split('"').next().unwrap().to_owned()
}

/// A hidden field of a page's form.
fn hidden(page: &Page, name: &str) -> String {
    let rest = page
        .body
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no field {name}: {page:?}"))
        .1;
    rest.split('"').next().unwrap().to_owned()
}

impl OpenId {
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What happened so far.
    pub fn facts(&self) -> Value {
        serde_json::from_str(&Browser::default().open(&format!("{}/facts", self.url)).body).unwrap()
    }

    fn absolute(&self, address: &str) -> String {
        if address.starts_with("http://") {
            address.to_owned()
        } else {
            format!("{}{address}", self.url)
        }
    }

    /// Says who they are, and yes to what is asked; gives the page they end on.
    fn says_yes(&self, browser: &mut Browser, login: &Page) -> Page {
        let consent = browser.send(
            &self.absolute(&action(login)),
            "prompt=login&login=engineer&password=any",
        );
        browser.send(&self.absolute(&action(&consent)), "prompt=consent")
    }

    /// Signs in at the address the program printed.
    pub fn sign_in(&self, address: &str) -> Page {
        let mut browser = Browser::default();
        let login = browser.open(address);
        self.says_yes(&mut browser, &login)
    }

    /// Types the code of a device at the address it showed.
    pub fn sign_in_device(&self, address: &str, code: &str) -> Page {
        let mut browser = Browser::default();
        let form = browser.open(address);
        let typed = format!("xsrf={}&user_code={code}", hidden(&form, "xsrf"));
        let confirm = browser.send(&self.absolute(&action(&form)), &typed);
        let confirmed = format!(
            "xsrf={}&user_code={code}&confirm=yes",
            hidden(&confirm, "xsrf")
        );
        let login = browser.send(&self.absolute(&action(&confirm)), &confirmed);
        self.says_yes(&mut browser, &login)
    }
}
