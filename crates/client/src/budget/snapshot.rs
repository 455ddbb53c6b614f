use std::time::Duration;

/// What the budget of an instance looks like now, for the screen.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct BudgetSnapshot {
    /// The instance.
    pub key: String,
    /// Calls a second allowed now; `None` when the provider has no limit.
    pub rate: Option<f64>,
    /// Calls that may go at once.
    pub burst: Option<f64>,
    /// 1.0, or less after the provider said "too many".
    pub slowed_to: f64,
    /// Calls a second over the last ten seconds.
    pub used: f64,
    /// Share of the allowed rate that is unused, 0.0 to 1.0; the provider's own figure where its headers give one.
    pub headroom: Option<f64>,
    /// Calls on their way.
    pub in_flight: usize,
    /// Calls waiting for their turn.
    pub waiting: usize,
    /// Nobody calls before this much time has passed.
    pub paused_for: Option<Duration>,
    /// Whether the wait is an open circuit, where calls fail at once instead of waiting.
    pub circuit_open: bool,
    /// Calls left in the provider's window, as its headers said last.
    pub remaining: Option<f64>,
}
