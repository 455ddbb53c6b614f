use tokio::time::Instant;

/// What a waiting call should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Go.
    Granted {
        /// Whether it is the one call that finds out if the circuit closes.
        probe: bool,
    },
    /// Ask again then, or when something changes.
    Wait(Instant),
    /// Ask again when something changes.
    WaitForOthers,
    /// Fail: nothing is sent until then.
    CircuitOpen(Instant),
}
