use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::allocator::EXIT_MEMORY;
use crate::frame;
use crate::protocol::{Answer, Reason, Request, VERSION};
use crate::worker::MEMORY_ARGUMENT;

/// How long a worker may take to say hello. It takes 2 ms; a machine that starts a hundred programs takes longer.
const TIME_TO_START: Duration = Duration::from_secs(10);

/// What a pipe should hold. With the usual 64 KiB parent and worker would wait for each other on every third record.
#[cfg(target_os = "linux")]
const PIPE_SIZE: libc::c_int = 1024 * 1024;

/// How to start a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    path: PathBuf,
    arguments: Vec<String>,
}

impl WorkerCommand {
    /// The program at `path`, which calls [`worker::main_loop`](crate::worker::main_loop) when it is given `arguments`.
    /// A relative path is made absolute now: a worker's folder is `/`.
    pub fn new(path: impl AsRef<Path>, arguments: impl IntoIterator<Item = String>) -> Self {
        let path = path.as_ref();
        Self {
            path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            arguments: arguments.into_iter().collect(),
        }
    }

    /// With this many MiB a worker may hold, instead of 256.
    #[must_use]
    pub fn with_memory(mut self, mebibytes: usize) -> Self {
        self.arguments.push(format!("{MEMORY_ARGUMENT}{mebibytes}"));
        self
    }

    /// The program.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Why workers cannot be used at all; what goes wrong with one record is in that record's result.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The program cannot be started.
    #[error("the mapping worker {} cannot be started: {source}", path.display())]
    Start {
        /// The program.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The program starts and is not a worker of this version.
    #[error("{} is not this version's mapping worker: {reason}", path.display())]
    Foreign {
        /// The program.
        path: PathBuf,
        /// What it said or did instead.
        reason: String,
    },
}

impl PoolError {
    /// A stable name for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Start { .. } => "worker_start",
            Self::Foreign { .. } => "worker_foreign",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Start { .. } => {
                "Install the app again: the worker is a program that lies beside it and must be executable."
            }
            Self::Foreign { .. } => "Install app and worker of the same version.",
        }
    }
}

/// Why a worker did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Death {
    /// It ran out of memory or time, in this field if it could tell.
    Limit(Reason, Option<usize>),
    /// It ended in a way it should not, such as by a signal.
    Crash(String),
}

/// One running worker.
pub(crate) struct Process {
    child: Child,
    pub(crate) input: ChildStdin,
    pub(crate) output: Output,
    /// Which mapping it was given last.
    pub(crate) plan: Option<u64>,
}

/// The reading half of a [`Process`].
pub(crate) struct Output {
    stream: BufReader<ChildStdout>,
    header: Vec<u8>,
}

impl Process {
    pub(crate) async fn start(command: &WorkerCommand) -> Result<Self, PoolError> {
        let mut builder = Command::new(&command.path);
        builder
            .args(&command.arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        // Without it Windows cannot load the system's own libraries.
        #[cfg(windows)]
        if let Some(root) = std::env::var_os("SystemRoot") {
            builder.env("SystemRoot", root);
        }
        let failed = |source| PoolError::Start {
            path: command.path.clone(),
            source,
        };
        let mut child = builder.spawn().map_err(failed)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(io::Error::other("its pipes are missing")));
        };
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            for pipe in [input.as_raw_fd(), output.as_raw_fd()] {
                // SAFETY: a number for an open pipe and a number. A refusal leaves the usual size.
                unsafe { libc::fcntl(pipe, libc::F_SETPIPE_SZ, PIPE_SIZE) };
            }
        }
        let mut process = Self {
            child,
            input,
            output: Output {
                stream: BufReader::with_capacity(64 * 1024, output),
                header: Vec::new(),
            },
            plan: None,
        };
        let foreign = |reason: String| PoolError::Foreign {
            path: command.path.clone(),
            reason,
        };
        match timeout(TIME_TO_START, process.output.read()).await {
            Ok(Ok((Answer::Hello { version: VERSION }, _))) => Ok(process),
            Ok(Ok(_)) => Err(foreign("it speaks another version's protocol".to_owned())),
            Ok(Err(error)) => Err(foreign(format!("it said nothing ({error})"))),
            Err(_) => Err(foreign("it said nothing for ten seconds".to_owned())),
        }
    }

    /// Sends one request.
    pub(crate) async fn send(&mut self, request: &Request, body: &[u8]) -> io::Result<()> {
        let mut frame = Vec::new();
        append(&mut frame, request, body)?;
        self.input.write_all(&frame).await
    }

    /// The answer to what was sent, or why there is none. After a [`Death`] the process is of no use.
    pub(crate) async fn answer(&mut self, limit: Duration) -> Result<(Answer, Vec<u8>), Death> {
        match timeout(limit, self.output.read()).await {
            Err(_) => Err(Death::Limit(Reason::Time, None)),
            Ok(Ok((Answer::LastWords { reason, field }, _))) => Err(Death::Limit(reason, field)),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.cause(&error).await),
        }
    }

    /// Why the pipe broke.
    pub(crate) async fn cause(&mut self, error: &io::Error) -> Death {
        match timeout(TIME_TO_START, self.child.wait()).await {
            Ok(Ok(status)) if status.code() == Some(EXIT_MEMORY) => {
                Death::Limit(Reason::Memory, None)
            }
            Ok(Ok(status)) => Death::Crash(status.to_string()),
            _ => Death::Crash(error.to_string()),
        }
    }
}

impl Output {
    /// The next frame.
    pub(crate) async fn read(&mut self) -> io::Result<(Answer, Vec<u8>)> {
        let mut prefix = [0; 8];
        self.stream.read_exact(&mut prefix).await?;
        let (header, body) = frame::lengths(prefix)?;
        self.header.resize(header, 0);
        self.stream.read_exact(&mut self.header).await?;
        let mut bytes = vec![0; body];
        self.stream.read_exact(&mut bytes).await?;
        let answer = serde_json::from_slice(&self.header)?;
        Ok((answer, bytes))
    }
}

/// Appends one request's frame to a buffer.
pub(crate) fn append(frame: &mut Vec<u8>, request: &Request, body: &[u8]) -> io::Result<()> {
    frame::append(frame, &serde_json::to_vec(request)?, body)
}
