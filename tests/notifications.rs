//! The promise of the clock, on a desktop: with the window closed to the tray the clock passes 20 hours and 80 days, a
//! real notification server shows what fell due, and "Renew now" renews.
//!
//! Ignored by default: it needs the program built with the UI inside and a clock that can be moved. `cargo xtask test`
//! builds it and runs this with `--ignored`; it says `skipped:` where a program it needs is missing.

#![cfg(target_os = "linux")]
#![cfg(feature = "test-clock")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "tests"
)]

#[path = "support/dunst.rs"]
mod dunst;
#[path = "support/screen.rs"]
mod screen;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crosswalk_console::{
    ConnectionInput, Console, NewAccount, Options, SandboxInput, Secret, VaultKind, start_sandbox,
};
use crosswalk_workspace::token::{self, Clocks};
use crosswalk_workspace::{OpenOptions, Workspace, account};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::dunst::Dunst;
use crate::screen::Screen;

const PASSPHRASE: &str = "CANARY passphrase of this test";
const HOUR: i64 = 3_600;

/// A child process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn have(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file())
}

/// Starts a program whose first line of output says where it serves.
fn serving(command: &mut Command) -> (Running, String) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (Running(child), line.trim().to_owned())
}

/// A desktop of our own: a display, a message bus, a notification server.
struct Desktop {
    // Dropped in this order: who needs the bus and the display before them.
    dunst: Dunst,
    _parts: [Running; 2],
    home: PathBuf,
    display: String,
    bus: String,
}

impl Desktop {
    fn start(home: &Path) -> Self {
        let (bus, address) =
            serving(Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address"]));
        let (server, number) = serving(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-noreset",
            "-nolisten",
            "tcp",
        ]));
        let (display, place) = (format!(":{number}"), home.to_owned());
        let told = address.clone();
        let dress = move |command: &mut Command| dress(command, &display, &told, &place);
        Self {
            dunst: Dunst::start(home, dress),
            _parts: [bus, server],
            home: home.to_owned(),
            display: format!(":{number}"),
            bus: address,
        }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        dress(&mut command, &self.display, &self.bus, &self.home);
        command
    }

    /// The windows that can be seen, as `xdotool` numbers them.
    fn windows(&self) -> String {
        let mut search = self.command("xdotool");
        let found = search.args(["search", "--onlyvisible", "--name", "Crosswalk"]);
        let found = found.stderr(Stdio::null()).output().unwrap();
        String::from_utf8_lossy(&found.stdout).trim().to_owned()
    }

    /// What the display shows.
    fn screen(&self) -> Screen {
        let mut picture = self.command("import");
        let picture = picture.args(["-window", "root", "-depth", "8", "ppm:-"]);
        let done = picture.output().unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        Screen::read(&done.stdout)
    }
}

/// Gives a program this desktop instead of the world it would find.
fn dress(command: &mut Command, display: &str, bus: &str, home: &Path) {
    command
        .env("DISPLAY", display)
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env_remove("WAYLAND_DISPLAY");
}

fn options(folder: &Path) -> Options {
    let mut options = Options::new(folder.to_path_buf());
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from(PASSPHRASE.to_owned()))));
    options
}

fn new_account(id: &str, url: &str, client_id: &str, secret: &Secret) -> NewAccount {
    NewAccount {
        id: id.to_owned(),
        tenant: "acme".to_owned(),
        connector: "coupa".to_owned(),
        kind: "sandbox",
        environment: None,
        grant: None,
        purpose: "read",
        connection: ConnectionInput {
            config: vec![("instance_url".to_owned(), url.to_owned())],
            client_id: Some(client_id.to_owned()),
            client_secret: Some(secret.clone()),
            ..ConnectionInput::default()
        },
    }
}

/// Gives an account a refresh token that is to be renewed in 80 days. Nobody opens it here.
async fn with_refresh_token(folder: &Path, slug: &'static str) {
    let workspace = Workspace::open(folder, &OpenOptions::new("test")).unwrap();
    let now = Timestamp::now();
    let later = |days: i64| Some(now + SignedDuration::from_hours(24 * days));
    let clocks = Clocks {
        obtained_at: now,
        usable_at: now,
        expires_at: None,
        renew_at: None,
        scopes: None,
        refresh_obtained_at: Some(now),
        refresh_expires_at: later(90),
        refresh_renew_at: later(80),
    };
    workspace
        .write(move |tx| {
            let account = account::get(tx, slug)?;
            token::save(tx, account.uuid, b"sealed", &clocks)
        })
        .await
        .unwrap();
}

/// The states of an account's alerts that are not resolved, soonest first, those to come left out.
async fn state_of(console: &Console, account: &str) -> Vec<String> {
    let alerts = console.alerts(None).await.unwrap();
    let open = alerts.into_iter().filter(|alert| {
        alert.account.as_deref() == Some(account)
            && !["upcoming", "resolved"].contains(&alert.state.as_str())
    });
    open.map(|alert| alert.state).collect()
}

/// The processes a process has started, and theirs.
fn descendants(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter();
    let listed: Vec<u32> = tasks
        .flatten()
        .flatten()
        .flat_map(|task| {
            let children = std::fs::read_to_string(task.path().join("children"));
            let children = children.unwrap_or_default();
            let children = children.split_whitespace();
            children
                .filter_map(|child| child.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect();
    let below = listed.iter().flat_map(|child| descendants(*child));
    below.chain(listed.iter().copied()).collect()
}

/// No secret is in the arguments of the window's processes or in the environment of those that draw it; gives how many
/// there are.
fn processes_are_clean(window: u32, secrets: &[&str]) -> usize {
    let text = |pid: u32, file: &str| {
        let bytes = std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let drawing = descendants(window);
    for secret in secrets {
        assert!(!text(window, "cmdline").contains(secret));
        for pid in &drawing {
            for file in ["cmdline", "environ"] {
                // One that was forked and is not another program yet still shows the window's own.
                let started = Instant::now();
                while text(*pid, file).contains(secret) {
                    assert!(
                        started.elapsed() < Duration::from_secs(5),
                        "{file} of {pid}"
                    );
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }
    drawing.len()
}

/// No secret is in a file below a folder.
fn files_are_clean(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_are_clean(&path, secrets);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            for secret in secrets {
                assert!(!text.contains(secret), "{}", path.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the program built with the UI inside; cargo xtask test runs it"]
async fn what_falls_due_is_told_of_with_the_window_closed_and_can_be_renewed_at_once() {
    for program in [
        "Xvfb",
        "dbus-daemon",
        "dunst",
        "dunstctl",
        "import",
        "xdotool",
    ] {
        if !have(program) {
            println!("skipped: {program} is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("workspace");
    let console = Console::open(options(&folder)).unwrap();
    let sandbox = start_sandbox(SandboxInput::default()).await.unwrap();
    console
        .add_tenant("acme", Some("Acme"), None)
        .await
        .unwrap();
    for id in ["acme-machine", "acme-user"] {
        let account = new_account(
            id,
            &sandbox.url(),
            sandbox.client_id(),
            sandbox.client_secret(),
        );
        console.add_account(account).await.unwrap();
    }
    let stop = CancellationToken::new();
    console.renew_token("acme-machine", &stop).await.unwrap();
    with_refresh_token(&folder, "acme-user").await;
    console
        .set_setting("auto_renew", Some("off"))
        .await
        .unwrap();
    let obtained = |account: crosswalk_console::AccountView| account.token.unwrap().obtained_at;
    let first = obtained(console.account("acme-machine").await.unwrap());

    let clock = home.path().join("clock");
    std::fs::write(&clock, "0").unwrap();
    let desktop = Desktop::start(home.path());
    let dunst = &desktop.dunst;
    let in_the_window = |command: &mut Command| {
        command
            .env("XWALK_WORKSPACE", &folder)
            .env("XWALK_VAULT", "passphrase")
            .env("XWALK_PASSPHRASE", PASSPHRASE)
            .env("XWALK_TEST_CLOCK", &clock)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
    };
    let mut program = desktop.command(env!("CARGO_BIN_EXE_crosswalk"));
    in_the_window(program.arg("--hidden"));
    let window = Running(program.spawn().unwrap());
    let log = folder.join("logs");
    dunst.wait("the window to begin", |_| log.is_dir());
    assert_eq!(dunst.displayed(), 0);
    let empty = desktop.screen();
    assert!(screen::drawn(&empty, &desktop.screen()).is_none());
    let client_secret = sandbox.client_secret().clone();
    let secrets = [client_secret.expose(), PASSPHRASE];
    dunst.wait("the processes that draw the window", |_| {
        !descendants(window.0.id()).is_empty()
    });
    let drawing = processes_are_clean(window.0.id(), &secrets);
    assert!(drawing > 0, "the window is drawn by processes of its own");

    std::fs::write(&clock, (20 * HOUR + 60).to_string()).unwrap();
    dunst.wait("the access token's notification", |dunst| {
        dunst.displayed() == 1
    });
    dunst.wait("the notification to be drawn", |_| {
        screen::drawn(&empty, &desktop.screen()).is_some_and(|drawn| drawn.shows_text())
    });
    let shown = desktop.screen();
    let drawn = screen::drawn(&empty, &shown).unwrap();
    shown.keep(&drawn, "notification.png");
    assert_eq!(state_of(&console, "acme-machine").await, ["active"]);
    dunst.press("Renew now");
    let started = Instant::now();
    loop {
        let now = obtained(console.account("acme-machine").await.unwrap());
        if now.duration_since(first) >= SignedDuration::from_hours(20) {
            break;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "not renewed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let states = state_of(&console, "acme-machine").await;
    assert!(!states.contains(&"active".to_owned()), "{states:?}");
    let history = dunst.told();
    assert!(
        history.contains("Access token due for renewal"),
        "{history}"
    );
    assert!(
        !history.contains("Acme"),
        "names are not asked for: {history}"
    );
    assert!(!history.contains("Refresh token"), "{history}");
    for secret in secrets {
        assert!(!history.contains(secret), "{history}");
    }

    std::fs::write(&clock, (80 * 24 * HOUR + 60).to_string()).unwrap();
    dunst.wait("the refresh token's notification", |dunst| {
        dunst.told().contains("Refresh token near its end")
    });
    assert_eq!(state_of(&console, "acme-user").await, ["active"]);
    processes_are_clean(window.0.id(), &secrets);

    // A link starts the program a second time, which hands it to the first and ends.
    assert_eq!(desktop.windows(), "", "it is closed to the tray");
    let mut second = desktop.command(env!("CARGO_BIN_EXE_crosswalk"));
    in_the_window(second.arg("crosswalk://account/acme-machine"));
    let mut second = Running(second.spawn().unwrap());
    dunst.wait("the window to come up", |_| !desktop.windows().is_empty());
    let started = Instant::now();
    let ended = loop {
        if let Some(ended) = second.0.try_wait().unwrap() {
            break ended;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "it stays");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(ended.success(), "{ended}");
    // The log, the database and what the window's own parts keep.
    files_are_clean(home.path(), &secrets);
}
