/// The part of an instance's limit one account may use, 0.0 < share ≤ 1.0.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// A sandbox's default. Nobody's living depends on it.
    pub const SANDBOX: Share = Share(0.8);
    /// A production instance's default: the customer's live integrations use the same limit.
    pub const PRODUCTION: Share = Share(0.25);
    /// All of it.
    pub const WHOLE: Share = Share(1.0);

    /// From a percentage; `None` unless it lies in 1 to 100.
    pub fn percent(percent: u8) -> Option<Self> {
        (1..=100)
            .contains(&percent)
            .then(|| Share(f64::from(percent) / 100.0))
    }

    pub(super) fn part(self) -> f64 {
        self.0
    }

    /// From a part another process wrote down, whatever that was.
    pub(super) fn of(part: f64) -> Self {
        Self(if part.is_finite() {
            part.clamp(0.01, 1.0)
        } else {
            1.0
        })
    }
}
