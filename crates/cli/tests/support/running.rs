//! An `xwalk` that is running.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::outcome::Outcome;

/// Longer than anything here takes on a busy machine.
const LONGEST: Duration = Duration::from_secs(90);

/// A process of a test that is killed when dropped, also by a test that fails.
pub struct Guarded(pub Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An `xwalk` that is running. Killed when dropped.
pub struct Running {
    line: String,
    child: Guarded,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        bytes
    })
}

impl Running {
    /// Starts the command, with this on its stdin.
    pub fn start(line: String, mut command: Command, stdin: &[u8]) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = Guarded(command.spawn().unwrap());
        let mut input = child.0.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        // A program that does not read its stdin closes it; that is its right.
        std::thread::spawn(move || input.write_all(&stdin));
        let stdout = Some(collect(child.0.stdout.take().unwrap()));
        let stderr = Some(collect(child.0.stderr.take().unwrap()));
        Self {
            line,
            child,
            stdout,
            stderr,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// Sends a signal to this process alone.
    pub fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.child.0.id()).unwrap();
        // SAFETY: a plain system call on the pid of a child that was not waited for yet.
        assert_eq!(unsafe { libc::kill(pid, signal) }, 0);
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.0.try_wait().unwrap().is_none()
    }

    /// Waits for its end.
    pub fn outcome(mut self) -> Outcome {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                break Some(status);
            }
            if begun.elapsed() > LONGEST {
                self.child.0.kill().unwrap();
                break None;
            }
            std::thread::sleep(Duration::from_millis(3));
        };
        let text = |thread: Option<JoinHandle<Vec<u8>>>| {
            String::from_utf8_lossy(&thread.unwrap().join().unwrap()).into_owned()
        };
        let outcome = Outcome {
            line: self.line.clone(),
            code: status.and_then(|status| status.code()),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
        };
        assert!(status.is_some(), "did not end: {outcome}");
        outcome
    }
}
