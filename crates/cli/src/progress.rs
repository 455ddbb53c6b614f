//! What a run in progress shows on stderr: a line that is redrawn on a terminal, nothing elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use crosswalk_console::{RunProgress, counted};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A redrawn line about a run.
pub(crate) struct RunBar(ProgressBar);

impl RunBar {
    pub(crate) fn new(what: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        if std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            bar.enable_steady_tick(Duration::from_millis(120));
        } else {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        bar.set_message("connecting");
        Self(bar)
    }

    pub(crate) fn show(&self, progress: &RunProgress) {
        let mut text = format!(
            "{}, {}",
            counted(progress.stored, "record", "records"),
            counted(progress.requests, "request", "requests")
        );
        if progress.requests_per_second > 0.0 {
            text.push_str(&format!(", {:.1}/s", progress.requests_per_second));
            if let Some(budget) = progress.budget_per_second {
                text.push_str(&format!(" of {budget:.1}"));
            }
        }
        if progress.retries > 0 {
            text.push_str(&format!(
                ", {}",
                counted(progress.retries, "retry", "retries")
            ));
        }
        if let Some(left) = progress.eta_seconds {
            text.push_str(&format!(", about {left} s left"));
        }
        self.0.set_message(text);
    }
}

impl Drop for RunBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A redrawn line about how many of how many are done.
pub(crate) struct CountBar(ProgressBar);

impl CountBar {
    pub(crate) fn new(what: &str) -> Self {
        let bar = ProgressBar::new(0);
        bar.set_draw_target(if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        });
        if let Ok(style) = ProgressStyle::with_template("{prefix}  {bar:30} {pos} of {len} records")
        {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        Self(bar)
    }

    pub(crate) fn show(&self, done: u32, total: u32) {
        self.0.set_length(u64::from(total));
        self.0.set_position(u64::from(done));
    }
}

impl Drop for CountBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
