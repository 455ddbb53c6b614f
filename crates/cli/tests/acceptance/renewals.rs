//! Tokens of one account wanted by several programs at once: one of them asks the provider, and none uses a refresh
//! token another has used up.

use std::io;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crosswalk_console::{Console, Options, Secret, VaultKind};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::browser::Browser;
use crate::support::connector_copy::ConnectorCopy;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, PASSPHRASE, Workspace};

pub const TOKEN: &str = "/oauth2/token";
const WAITS: &str = "waiting for another program";

/// A connector whose redirect address has no fixed port, so that tests run beside each other.
pub fn any_port() -> ConnectorCopy {
    ConnectorCopy::named("standin").with(
        "redirect: { host: 127.0.0.1, port: 47823, path: /callback }",
        "redirect: { host: 127.0.0.1, path: /callback }",
    )
}

/// A workspace with an account that a person signs in to.
pub fn with_person(instance: &Instance, connector: &ConnectorCopy) -> Workspace {
    let workspace = Workspace::with(connector);
    workspace
        .add_account(
            instance,
            &[
                "--scope",
                "core.common.read core.invoice.read",
                "--grant",
                "authorization_code",
            ],
        )
        .exits(0);
    workspace
}

/// Signs in: the program prints the address, the browser goes there and comes back.
#[track_caller]
pub fn sign_in(workspace: &Workspace) {
    let mut running = workspace.start(&["account", "connect", ACCOUNT]);
    let address = running.line_with("http://");
    let page = Browser::default().open(&address);
    assert!(page.body.contains("You are signed in"), "{page:?}");
    let tested = running.outcome().done();
    assert_eq!(tested["status"], "active", "{tested:#}");
}

fn asked_for_tokens(instance: &Instance) -> usize {
    instance.requests_of(TOKEN).len()
}

/// Waits until all but one of them wait for that one.
fn wait_for_the_queue(running: &[Running]) {
    let begun = Instant::now();
    while running.iter().filter(|one| one.has_said(WAITS)).count() + 1 < running.len() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody waits");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Starts them all while the provider keeps the first one waiting, and lets them go when the others wait for it.
#[track_caller]
fn all_at_once(instance: &Instance, start: impl Fn(usize) -> Running, count: usize) {
    let before = asked_for_tokens(instance);
    instance.hold_after(TOKEN, before);
    let running: Vec<Running> = (0..count).map(start).collect();
    instance.wait_for(TOKEN, before + 1);
    wait_for_the_queue(&running);
    instance.release();
    for one in running {
        one.outcome().exits(0);
    }
    assert_eq!(asked_for_tokens(instance), before + 1);
}

#[test]
fn several_programs_that_renew_at_once_ask_the_provider_once() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let renew = |_| workspace.start(&["account", "renew", ACCOUNT, "-v"]);
    all_at_once(&instance, renew, 4);
    // Who asks after that asks for a new one.
    let before = asked_for_tokens(&instance);
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    assert_eq!(asked_for_tokens(&instance), before + 1);
}

#[test]
fn several_programs_never_use_one_refresh_token_twice() {
    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    sign_in(&workspace);
    for _ in 0..2 {
        let renew = |_| workspace.start(&["account", "renew", ACCOUNT, "-v"]);
        all_at_once(&instance, renew, 3);
    }
    // The provider ends a sign-in one of whose refresh tokens comes twice.
    let account = workspace.json(&["account", "renew", ACCOUNT]).done();
    assert_eq!(account["status"], "active");
}

/// What a console says of itself.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the window does: it renews in its own process, on a console it holds open.
struct Window {
    said: Said,
    end: JoinHandle<()>,
}

impl Window {
    fn renewing(workspace: &Workspace) -> Self {
        let mut options = Options::new(workspace.folder());
        options.vault = Some(VaultKind::Passphrase);
        options.passphrase = Some(Arc::new(|_| Ok(Secret::from(PASSPHRASE.to_owned()))));
        let said = Said::default();
        let heard = said.clone();
        let end = std::thread::spawn(move || {
            let told = tracing_subscriber::fmt()
                .with_ansi(false)
                .with_writer(move || heard.clone())
                .finish();
            let _told = tracing::subscriber::set_default(told);
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let console = Console::open(options).unwrap();
                let never = CancellationToken::new();
                console.renew_token(ACCOUNT, &never).await.unwrap();
            });
        });
        Self { said, end }
    }

    fn has_said(&self, words: &str) -> bool {
        let said = self.said.0.lock().unwrap();
        String::from_utf8_lossy(&said).contains(words)
    }
}

#[test]
fn the_window_and_programs_beside_it_never_use_one_refresh_token_twice() {
    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    sign_in(&workspace);
    let renew = || workspace.start(&["account", "renew", ACCOUNT, "-v"]);
    for the_window_asks in [true, false] {
        let before = asked_for_tokens(&instance);
        instance.hold_after(TOKEN, before);
        let mut programs = Vec::new();
        let window = if the_window_asks {
            let window = Window::renewing(&workspace);
            instance.wait_for(TOKEN, before + 1);
            programs.push(renew());
            window
        } else {
            programs.push(renew());
            instance.wait_for(TOKEN, before + 1);
            Window::renewing(&workspace)
        };
        programs.push(renew());
        let begun = Instant::now();
        let waiting = || {
            let programs = programs.iter().filter(|one| one.has_said(WAITS)).count();
            programs + usize::from(window.has_said(WAITS))
        };
        while waiting() < 2 {
            assert!(begun.elapsed() < Duration::from_mins(1), "nobody waits");
            std::thread::sleep(Duration::from_millis(5));
        }
        instance.release();
        window.end.join().unwrap();
        for one in programs {
            one.outcome().exits(0);
        }
        assert_eq!(asked_for_tokens(&instance), before + 1);
    }
    let account = workspace.json(&["account", "renew", ACCOUNT]).done();
    assert_eq!(account["status"], "active");
}

#[test]
fn syncs_whose_token_the_provider_ended_fetch_one_between_them() {
    let instance = Instance::start();
    instance.put("invoices", invoices(5));
    let workspace = with_person(&instance, &any_port().unlimited());
    sign_in(&workspace);
    instance.revoke_tokens();
    let resources = ["invoices", "currencies"];
    let sync = |number: usize| {
        let resource = resources[number % 2];
        workspace.start(&["sync", ACCOUNT, resource, "-v"])
    };
    all_at_once(&instance, sync, 2);
    assert_eq!(workspace.records("invoices", "raw").len(), 5);
}

#[test]
fn a_sign_in_without_a_refresh_token_is_tested_with_the_token_it_brought() {
    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    instance.without_refresh_tokens();
    sign_in(&workspace);
    assert_eq!(asked_for_tokens(&instance), 1);
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["refresh_token"], json!(null));
    // Nor does a test of the connection use up what there is.
    let tested = workspace.json(&["account", "test", ACCOUNT]).done();
    assert_eq!(tested["status"], "active");
    assert_eq!(asked_for_tokens(&instance), 1);
}
