//! A real notification server, and somebody who presses a button of what it shows.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Gives a program the display and the bus of the server.
type Dress = Box<dyn Fn(&mut Command) + Send + Sync>;

/// Ends with the test.
pub(crate) struct Dunst {
    server: Child,
    choice: PathBuf,
    dress: Dress,
}

impl Drop for Dunst {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Dunst {
    /// Starts the server; its settings are kept in `folder`.
    pub(crate) fn start(
        folder: &Path,
        dress: impl Fn(&mut Command) + Send + Sync + 'static,
    ) -> Self {
        let choice = folder.join("choice");
        // The menu of what can be done with the notifications shown: the first line that begins with the choice.
        let chooser = folder.join("choose");
        let script = format!(
            "#!/bin/sh\ngrep -F \"$(cat '{}')\" | head -n 1\n",
            choice.display()
        );
        std::fs::write(&chooser, script).unwrap();
        std::fs::set_permissions(&chooser, std::fs::Permissions::from_mode(0o755)).unwrap();
        let settings = folder.join("dunstrc");
        let text = format!("[global]\ndmenu = {}\nmonitor = 0\n", chooser.display());
        std::fs::write(&settings, text).unwrap();
        let mut command = Command::new("dunst");
        dress(&mut command);
        let server = command
            .arg("-conf")
            .arg(&settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Self {
            server,
            choice,
            dress: Box::new(dress),
        };
        started.wait("dunst", |dunst| dunst.ask(&["count", "displayed"]) == "0");
        started
    }

    /// What `dunstctl` answers.
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        let mut command = Command::new("dunstctl");
        (self.dress)(&mut command);
        let answer = command.args(words).stdout(Stdio::piped()).output().unwrap();
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    }

    /// How many notifications are on the display.
    pub(crate) fn displayed(&self) -> usize {
        self.ask(&["count", "displayed"]).parse().unwrap_or(0)
    }

    /// Presses the first button of this name.
    pub(crate) fn press(&self, button: &str) {
        std::fs::write(&self.choice, button).unwrap();
        self.ask(&["context"]);
    }

    /// Everything that was shown and is gone from the display, after what is on it was put away.
    pub(crate) fn told(&self) -> String {
        self.ask(&["close-all"]);
        self.ask(&["history"])
    }

    pub(crate) fn wait(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !done(self) {
            assert!(
                started.elapsed() < Duration::from_mins(1),
                "waited for {what}; history: {}",
                self.ask(&["history"])
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
