//! What the window remembers between two openings: one text whose meaning is the window's.

use crosswalk_workspace::window_state;

use crate::{Console, Fault};

/// More than a window has to remember; drafts of expressions are the largest part.
const MOST_BYTES: usize = 1024 * 1024;

impl Console {
    /// What the window saved last.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn ui_state(&self) -> Result<Option<String>, Fault> {
        Ok(self.workspace().read(window_state::get).await?)
    }

    /// Saves what the window is to remember.
    ///
    /// # Errors
    /// `too_large` over 1 MiB, `invalid_input` for what is not JSON.
    pub async fn save_ui_state(&self, state: String) -> Result<(), Fault> {
        if state.len() > MOST_BYTES {
            return Err(Fault::invalid(
                "too_large",
                "The window's state is larger than 1 MiB.",
                "Save or discard some drafts.",
            ));
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(&state).is_err() {
            return Err(Fault::invalid(
                "invalid_input",
                "The window's state is not JSON.",
                "Please report this.",
            ));
        }
        self.workspace()
            .write(move |tx| window_state::set(tx, &state))
            .await?;
        Ok(())
    }
}
