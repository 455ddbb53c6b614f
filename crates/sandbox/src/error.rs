use std::io;

/// Why an instance did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("The sandbox cannot listen on 127.0.0.1:{port}: {source}.")]
    Listen { port: u16, source: io::Error },
    #[error("The system gave no random bytes for the sandbox's credentials.")]
    NoRandomness,
    #[error("The sandbox's own thread could not start: {0}.")]
    Thread(io::Error),
}

impl SandboxError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Listen { .. } => "sandbox_port_unavailable",
            Self::NoRandomness => "no_randomness",
            Self::Thread(_) => "sandbox_thread",
        }
    }

    /// The next step.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Listen { .. } => "Choose another port, or port 0 for any free one.",
            Self::NoRandomness => "Check that the system's random source works, then start again.",
            Self::Thread(_) => {
                "Close other programs or raise the limit on threads, then start again."
            }
        }
    }
}
