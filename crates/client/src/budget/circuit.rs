use std::time::Duration;

use tokio::time::Instant;

/// Nobody is kept from calling for longer, whatever an answer names: a provider's slip would otherwise shut an instance out for a year. One
/// call then finds out whether it is over.
pub(crate) const LONGEST_COOL_DOWN: Duration = Duration::from_hours(1);

/// Whether calls are let through after a provider kept refusing, or named a long wait.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    /// Until when calls fail. Kept afterwards, until an answer shows that the provider takes calls again.
    until: Option<Instant>,
    /// Whether the one call that finds that out is on its way.
    probing: bool,
}

impl Circuit {
    /// Calls fail until then at least.
    pub(super) fn open(&mut self, until: Instant) {
        self.until = Some(self.until.map_or(until, |already| already.max(until)));
    }

    /// Until when calls fail, if they do.
    pub(super) fn open_until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// Whether everybody waits for what comes of one call.
    pub(super) fn is_probing(&self) -> bool {
        self.probing
    }

    /// A call goes. Whether it is the one that finds out if the circuit closes.
    pub(super) fn let_through(&mut self) -> bool {
        self.probing = self.until.is_some();
        self.probing
    }

    /// An answer came that was no refusal. While the circuit is open it was to a call sent before, and says nothing.
    pub(super) fn answered(&mut self, now: Instant) {
        self.until = self.open_until(now);
    }

    /// The one call is over; without an answer another finds out.
    pub(super) fn probe_ended(&mut self) {
        self.probing = false;
    }
}
