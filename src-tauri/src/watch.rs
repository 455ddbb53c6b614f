//! Watches the workspace's connectors: a definition that is saved is in force at once.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tauri::{AppHandle, Manager, Runtime};

use crate::Shell;
use crate::events::{self, ConnectorsChanged};

/// Editors write a file in several steps; what comes within this time is one change.
const QUIET: Duration = Duration::from_millis(300);

/// Watches until the program ends. The watcher is kept by the application.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) {
    let Ok(console) = app.state::<Shell>().console().cloned() else {
        return;
    };
    let (sender, changes) = mpsc::channel();
    let watcher = watch(&console.connectors_folder(), sender);
    match watcher {
        Ok(watcher) => {
            app.manage(Watching(watcher));
        }
        Err(error) => {
            tracing::warn!(%error, "connectors are read again only when the window is opened anew");
            return;
        }
    }
    let app = app.clone();
    let started = std::thread::Builder::new()
        .name("connectors".to_owned())
        .spawn(move || {
            while changes.recv().is_ok() {
                while changes.recv_timeout(QUIET).is_ok() {}
                console.reload_connectors();
                events::tell(&app, &ConnectorsChanged {});
            }
        });
    if let Err(error) = started {
        tracing::warn!(%error, "connectors are not watched");
    }
}

/// Ends the watching when it goes.
struct Watching(#[expect(dead_code, reason = "kept for its drop")] RecommendedWatcher);

fn watch(folder: &Path, sender: mpsc::Sender<()>) -> notify::Result<RecommendedWatcher> {
    std::fs::create_dir_all(folder).map_err(notify::Error::io)?;
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let changed = event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_)));
        if changed {
            // Nobody listens once the program ends.
            let _ = sender.send(());
        }
    })?;
    watcher.watch(folder, RecursiveMode::Recursive)?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;
    use crate::stage::Stage;

    #[test]
    fn the_window_is_told_of_a_saved_definition() {
        let stage = Stage::new();
        start(stage.app());
        let folder = stage.console().connectors_folder().join("one");
        let told = stage.hears("connectors-changed");
        let saved = told.first_of(|turn| {
            std::fs::create_dir_all(&folder).unwrap();
            let text = format!("format: 1\n# {turn}\n");
            std::fs::write(folder.join("connector.yaml"), text).unwrap();
        });
        assert_eq!(saved, json!({}));
    }

    #[test]
    fn a_saved_definition_is_noticed_and_reading_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, changes) = mpsc::channel();
        let connectors = folder.path().join("connectors");
        let _watcher = watch(&connectors, sender).unwrap();
        std::fs::create_dir(connectors.join("one")).unwrap();
        assert!(changes.recv_timeout(Duration::from_secs(10)).is_ok());
        // The new folder is watched some time after it was noticed.
        let noticed = (0..100).any(|_| {
            std::fs::write(connectors.join("one/connector.yaml"), "format: 1").unwrap();
            changes.recv_timeout(QUIET / 3).is_ok()
        });
        assert!(noticed);
        while changes.recv_timeout(QUIET).is_ok() {}
        std::fs::read(connectors.join("one/connector.yaml")).unwrap();
        assert!(changes.recv_timeout(QUIET).is_err());
    }
}
