//! The shell under a window on Tauri's mock runtime, for tests of what the window is told without asking.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crosswalk_console::{Console, Options, Secret, VaultKind};
use serde_json::Value;
use tauri::test::{MockRuntime, mock_builder, mock_context, noop_assets};
use tauri::{
    App, AppHandle, Listener, Manager, State, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
};
use tempfile::TempDir;

use crate::Shell;
use crate::shell::WINDOW;

/// How long a test waits for what is told from the background.
const PATIENCE: Duration = Duration::from_secs(30);

/// An application whose window is open; nothing goes on in its background before a test starts it.
pub(crate) struct Stage {
    app: App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
    home: TempDir,
}

/// What the window was told by one event.
pub(crate) struct Heard(Arc<Mutex<Vec<Value>>>);

impl Stage {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut options = Options::new(home.path().join("workspace"));
        options.vault = Some(VaultKind::Passphrase);
        options.passphrase = Some(Arc::new(|_| Ok(Secret::from("for this test".to_owned()))));
        let app = mock_builder()
            .manage(Shell::open_with(Ok(options)))
            .build(mock_context(noop_assets()))
            .unwrap();
        crate::ipc::<MockRuntime>().mount_events(&app);
        let window = WebviewWindowBuilder::new(&app, WINDOW, WebviewUrl::default())
            .build()
            .unwrap();
        Self { app, window, home }
    }

    /// Where the workspace is.
    pub(crate) fn folder(&self) -> PathBuf {
        self.home.path().join("workspace")
    }

    pub(crate) fn app(&self) -> &AppHandle<MockRuntime> {
        self.app.handle()
    }

    pub(crate) fn shell(&self) -> State<'_, Shell> {
        self.app.state::<Shell>()
    }

    pub(crate) fn console(&self) -> Console {
        self.shell().console().unwrap().clone()
    }

    /// What the window is told by an event from now on.
    pub(crate) fn hears(&self, event: &str) -> Heard {
        let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
        let told = Arc::clone(&heard);
        self.window.listen(event, move |event| {
            let payload = serde_json::from_str(event.payload()).unwrap();
            told.lock().unwrap().push(payload);
        });
        Heard(heard)
    }
}

impl Heard {
    /// All of it until now.
    pub(crate) fn all(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }

    /// Waits until there is something.
    pub(crate) fn first(&self) -> Value {
        self.first_of(|_| ())
    }

    /// Waits until there is something; `cause` is done until then, and told how often it was: whoever tells of it may
    /// have begun to look only now.
    pub(crate) fn first_of(&self, mut cause: impl FnMut(usize)) -> Value {
        let until = Instant::now() + PATIENCE;
        for turn in 0.. {
            cause(turn);
            let again = Instant::now() + Duration::from_millis(800);
            while Instant::now() < again {
                if let Some(first) = self.all().into_iter().next() {
                    return first;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(Instant::now() < until, "the window was told nothing");
        }
        Value::Null
    }
}
