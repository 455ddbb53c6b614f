//! Whether somebody may be told now: with a customer looking on, nobody is.

use std::fmt;
use std::sync::Arc;

use super::notice::Preferences;

/// Asked each time there is something to tell; the answer changes while the runner goes on.
#[derive(Clone)]
pub(crate) struct MayTell(Arc<dyn Fn() -> bool + Send + Sync>);

impl MayTell {
    /// As `ask` says at the moment.
    pub(crate) fn when(ask: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    /// The preferences as they hold now: while nobody may be told, there are no notifications.
    pub(crate) fn limit(&self, preferences: Preferences) -> Preferences {
        Preferences {
            enabled: preferences.enabled && (self.0)(),
            ..preferences
        }
    }
}

impl Default for MayTell {
    fn default() -> Self {
        Self::when(|| true)
    }
}

impl fmt::Debug for MayTell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MayTell")
    }
}
