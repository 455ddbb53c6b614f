//! An `xwalk` that is running.

#[cfg(target_os = "linux")]
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
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
    stdout: Option<Stream>,
    stderr: Option<Stream>,
}

/// What a stream brought so far.
struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    end: JoinHandle<()>,
}

impl Stream {
    fn collect(mut from: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&bytes);
        let end = std::thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(read @ 1..) = from.read(&mut chunk) {
                all.lock().unwrap().extend_from_slice(&chunk[..read]);
            }
        });
        Self { bytes, end }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    fn all(self) -> String {
        self.end.join().unwrap();
        let bytes = std::mem::take(&mut *self.bytes.lock().unwrap());
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Running {
    /// Starts the command, with this on its stdin.
    pub fn start(line: String, mut command: Command, stdin: &[u8]) -> Self {
        command.stdin(Stdio::piped());
        let mut running = Self::spawned(line, command);
        let mut input = running.child.0.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        // A program that does not read its stdin closes it; that is its right.
        std::thread::spawn(move || input.write_all(&stdin));
        running
    }

    /// Starts the command at a terminal. What is typed there is written into the file.
    #[cfg(target_os = "linux")]
    pub fn start_at_terminal(line: String, mut command: Command) -> (Self, File) {
        use std::os::fd::{FromRawFd as _, OwnedFd};
        use std::ptr::{null, null_mut};

        let (mut ours, mut theirs) = (-1, -1);
        // SAFETY: it writes the two descriptors, and reads nothing through null pointers.
        let made =
            unsafe { libc::openpty(&raw mut ours, &raw mut theirs, null_mut(), null(), null()) };
        assert_eq!(made, 0);
        // SAFETY: both were opened just now, and nobody else knows them.
        let (ours, theirs) = unsafe { (File::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs)) };
        command.stdin(Stdio::from(theirs));
        (Self::spawned(line, command), ours)
    }

    fn spawned(line: String, mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = Guarded(command.spawn().unwrap());
        let stdout = Some(Stream::collect(child.0.stdout.take().unwrap()));
        let stderr = Some(Stream::collect(child.0.stderr.take().unwrap()));
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

    /// Whether it has written this on stderr by now.
    pub fn has_said(&self, words: &str) -> bool {
        self.stderr.as_ref().unwrap().so_far().contains(words)
    }

    /// Waits for a line on stderr that begins with this, and gives it whole.
    pub fn line_with(&mut self, start: &str) -> String {
        let begun = Instant::now();
        loop {
            // Asked before the text, so that nothing it wrote at its end is missed.
            let running = self.is_running();
            let said = self.stderr.as_ref().unwrap().so_far();
            let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
            if let Some(line) = whole.lines().find(|line| line.starts_with(start)) {
                return line.to_owned();
            }
            assert!(
                running && begun.elapsed() < LONGEST,
                "no line {start:?} of {}: {said}",
                self.line
            );
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    /// Ends it as a crash would, at once.
    pub fn kill(mut self) {
        let _ = self.child.0.kill();
        let _ = self.child.0.wait();
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
        let text = |stream: Option<Stream>| stream.unwrap().all();
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
