//! A stage: a display, a session bus, a home and a workspace that nothing else uses.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

use super::child::{Running, bus, display};
use super::dunst::Dunst;
use super::seed::{PASSPHRASE, Seed};
use super::window::Window;
use super::xwalk::Xwalk;

/// What the system asks programs to look like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

/// The file that moves the windows' clock.
const CLOCK: &str = "clock";

/// Where a story is played. Everything it started and wrote is gone when it is dropped.
pub(crate) struct Stage {
    name: &'static str,
    display: String,
    address: String,
    // Dropped in this order: the bus and the display before their folder.
    _bus: Running,
    _display: Running,
    home: TempDir,
}

/// The window being shown, and the driver that holds its strings.
struct Showing {
    window: Window,
    _driver: Running,
}

fn have(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A built program.
pub(crate) fn program(name: &str) -> PathBuf {
    // `target/PROFILE/deps/window-…`, `target/PROFILE/examples/bench_window`.
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().join(name)
}

impl Stage {
    /// An empty stage, or none where this machine has no display server to start.
    pub(crate) fn set(name: &'static str) -> Option<Self> {
        for program in ["Xvfb", "dbus-daemon", "WebKitWebDriver"] {
            if !have(program) {
                println!("skipped: {program} is not installed");
                return None;
            }
        }
        assert!(
            program("crosswalk-worker").is_file(),
            "crosswalk-worker is not built: cargo build --workspace --features crosswalk/custom-protocol"
        );
        let home = tempfile::Builder::new()
            .prefix("crosswalk-window-")
            .tempdir()
            .unwrap();
        let (bus, address) = bus(home.path());
        let (server, display) = display(home.path());
        Some(Self {
            name,
            display,
            address,
            _bus: bus,
            _display: server,
            home,
        })
    }

    /// The workspace's folder.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.home.path().join("workspace")
    }

    /// The workspace from the side, to fill it before the window opens.
    pub(crate) fn seed(&self) -> Seed {
        Seed::open(&self.workspace())
    }

    /// `xwalk` on the stage's workspace.
    pub(crate) fn xwalk(&self) -> Xwalk {
        Xwalk {
            home: self.home.path().to_path_buf(),
            workspace: self.workspace(),
        }
    }

    /// The file whose number of seconds the windows' clock is ahead of the machine's, from now on.
    pub(crate) fn clock(&self) -> PathBuf {
        let file = self.home.path().join(CLOCK);
        std::fs::write(&file, "0").unwrap();
        file
    }

    /// A notification server, or none where this machine has none to start.
    pub(crate) fn notifications(&self) -> Option<Dunst> {
        for program in ["dunst", "dunstctl"] {
            if !have(program) {
                println!("skipped: {program} is not installed");
                return None;
            }
        }
        let (display, address) = (self.display.clone(), self.address.clone());
        let home = self.home.path().to_path_buf();
        Some(Dunst::start(self.home.path(), move |command| {
            command
                .env("DISPLAY", &display)
                .env_remove("WAYLAND_DISPLAY")
                .env("DBUS_SESSION_BUS_ADDRESS", &address)
                .env("HOME", &home);
        }))
    }

    /// Gives a program this stage instead of the world it would find.
    pub(crate) fn dress(&self, command: &mut Command, theme: Theme) {
        let home = self.home.path();
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            // No accessibility bus, no settings daemon: neither is on this stage's session bus.
            .env("NO_AT_BRIDGE", "1")
            .env("GTK_A11Y", "none")
            .env("GSETTINGS_BACKEND", "memory")
            .env("GIO_USE_VFS", "local")
            .env("HOME", home)
            .env("XWALK_WORKSPACE", self.workspace())
            .env("XWALK_VAULT", "passphrase")
            .env("XWALK_PASSPHRASE", PASSPHRASE)
            .stdout(Stdio::null())
            .stderr(log(self.name));
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            let folder = home.join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            command.env(variable, folder);
        }
        let clock = home.join(CLOCK);
        if clock.is_file() {
            command.env("XWALK_TEST_CLOCK", clock);
        }
        match theme {
            Theme::Light => command.env("GTK_THEME", "Adwaita"),
            Theme::Dark => command.env("GTK_THEME", "Adwaita:dark"),
        };
    }

    fn driver(&self, theme: Theme) -> (Running, u16) {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command.args(["--host=127.0.0.1", &format!("--port={port}")]);
        self.dress(&mut command, theme);
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Running::start(&mut command);
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "WebKitWebDriver does not answer"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        (driver, port)
    }

    async fn show(&self, theme: Theme) -> Showing {
        let (driver, port) = self.driver(theme);
        let capabilities =
            json!({ "webkitgtk:browserOptions": { "binary": program("crosswalk"), "args": [] } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a WebDriver session");
        Showing {
            window: Window::new(client),
            _driver: driver,
        }
    }

    /// What the display shows, beside what the page says of itself.
    async fn keep_evidence(&self, window: &Window) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/window-failures");
        let _ = std::fs::create_dir_all(&folder);
        let file = |end: &str| folder.join(format!("{}{end}", self.name));
        let _ = Command::new("import")
            .args(["-window", "root"])
            .arg(file("-display.png"))
            .env("DISPLAY", &self.display)
            .status();
        let _ = std::fs::write(file(".txt"), window.text().await);
        // A page drawn without compositing may never answer; the display was seen already.
        let picture = tokio::time::timeout(Duration::from_secs(10), window.picture());
        if let Ok(Some(picture)) = picture.await {
            let _ = std::fs::write(file(".png"), picture);
        }
        println!("The window's last look is in {}", file(".png").display());
    }
}

/// Where the window's own words go.
fn log(name: &str) -> Stdio {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/window-failures");
    let _ = std::fs::create_dir_all(&folder);
    std::fs::File::create(folder.join(format!("{name}.log")))
        .map_or_else(|_| Stdio::null(), Stdio::from)
}

/// Plays a story in a fresh window over the stage's workspace and closes the window after it. When the story
/// fails, keeps what the window looked like.
pub(crate) async fn play<Story, Played, Told>(stage: &Stage, story: Story) -> Told
where
    Story: FnOnce(Window) -> Played,
    Played: Future<Output = Told> + Send + 'static,
    Told: Send + 'static,
{
    play_in(stage, Theme::Light, story).await
}

/// [`play`], with the system in a theme.
pub(crate) async fn play_in<Story, Played, Told>(stage: &Stage, theme: Theme, story: Story) -> Told
where
    Story: FnOnce(Window) -> Played,
    Played: Future<Output = Told> + Send + 'static,
    Told: Send + 'static,
{
    let showing = stage.show(theme).await;
    let played = tokio::spawn(story(showing.window.clone())).await;
    if played.is_err() {
        stage.keep_evidence(&showing.window).await;
    }
    showing.window.close().await;
    match played {
        Ok(told) => told,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
