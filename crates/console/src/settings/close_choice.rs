//! What closing the window means.

use crosswalk_workspace::setting::{self, Level};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use crate::{Console, Fault};

const SETTING: &str = "close_choice";

/// What closing the window means.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseChoice {
    /// Nobody has said yet.
    #[default]
    Ask,
    /// The window goes, what is planned goes on.
    Tray,
    /// The program ends.
    Quit,
}

fn read(stored: Option<Value>) -> CloseChoice {
    stored
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default()
}

impl Console {
    /// What closing the window means. Blocks for as long as a read takes: a window that is being closed waits for the
    /// answer.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn close_choice_now(&self) -> Result<CloseChoice, Fault> {
        let stored = self
            .workspace()
            .read_blocking(|tx| setting::get(tx, &Level::Workspace, SETTING))?;
        Ok(read(stored))
    }

    /// Remembers what closing the window means.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub async fn set_close_choice(&self, choice: CloseChoice) -> Result<(), Fault> {
        let value = match choice {
            CloseChoice::Ask => None,
            CloseChoice::Tray => Some(Value::from("tray")),
            CloseChoice::Quit => Some(Value::from("quit")),
        };
        self.workspace()
            .write(move |tx| setting::set(tx, &Level::Workspace, SETTING, value.as_ref()))
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_choice_is_asked_again() {
        for (stored, expected) in [
            (None, CloseChoice::Ask),
            (Some(Value::from("tray")), CloseChoice::Tray),
            (Some(Value::from("quit")), CloseChoice::Quit),
            (Some(Value::from("maybe")), CloseChoice::Ask),
            (Some(Value::from(1)), CloseChoice::Ask),
        ] {
            assert_eq!(read(stored), expected);
        }
    }
}
