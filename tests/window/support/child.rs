//! Programs that end with the test.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program and all that it started; asked to end when dropped, so that it cleans up after itself (Xvfb its lock
/// file), and made to where it does not.
pub(crate) struct Running(Child);

impl Running {
    /// Starts `command` in a process group of its own.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.process_group(0).spawn().unwrap())
    }

    /// The first line it prints.
    fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        line.trim().to_owned()
    }

    fn signal(&self, name: &str) {
        let _ = Command::new("kill")
            .args([name, "--", &format!("-{}", self.0.id())])
            .stderr(Stdio::null())
            .status();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal("-TERM");
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(3) {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // What the program started may outlive it.
        self.signal("-KILL");
        let _ = self.0.wait();
    }
}

/// A display of our own; its number is chosen by the server, so that stories can be played side by side. What it shows
/// is in the file `Xvfb_screen0` of `folder` while it runs.
pub(crate) fn display(folder: &std::path::Path) -> (Running, String) {
    let mut server = Running::start(
        Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .args(["-noreset", "-nolisten", "tcp", "-fbdir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    );
    let number = server.first_line();
    (server, format!(":{number}"))
}

/// A session bus of our own that starts no service: no keyring, no notification server, and no other window that a
/// second one would hand over to.
pub(crate) fn bus(folder: &std::path::Path) -> (Running, String) {
    let config = folder.join("bus.conf");
    std::fs::write(
        &config,
        format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\"/><allow receive_sender=\"*\"/>\
             <allow own=\"*\"/></policy></busconfig>",
            folder.join("bus").display()
        ),
    )
    .unwrap();
    let mut daemon = Running::start(
        Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1"])
            .arg(format!("--config-file={}", config.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    );
    let address = daemon.first_line();
    (daemon, address)
}
