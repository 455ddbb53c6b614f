//! Syncs that run in the background of this program: begun, watched, paused and cancelled by their run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crosswalk_workspace::RunId;
use crosswalk_workspace::run::{self, Status};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::sync::runs::{progress_of, run_id, view};
use crate::sync::{Order, SyncInput};
use crate::views::{RunProgress, RunView, SyncOptions};
use crate::{Console, Fault};

/// Told how a run gets on: at most ten times a second, and always how it ended.
pub type ProgressListener = Arc<dyn Fn(&RunProgress) + Send + Sync>;

/// Told the same of the runs that nobody started by hand, with the tenant each is of.
pub type RunListener = Arc<dyn Fn(&str, &RunProgress) + Send + Sync>;

/// A sync on its way in this program.
#[derive(Clone, Debug)]
struct Live {
    stop: CancellationToken,
    /// Whether it is stopped to be taken up again.
    pause: Arc<std::sync::atomic::AtomicBool>,
}

/// The syncs on their way in this program, by their run.
#[derive(Debug, Default)]
pub(crate) struct LiveSyncs(Mutex<HashMap<String, Live>>);

impl LiveSyncs {
    fn get(&self, run: &str) -> Option<Live> {
        self.held().get(run).cloned()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<String, Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets through at most ten a second.
#[derive(Debug, Default)]
struct Throttle {
    last: Option<Instant>,
}

impl Throttle {
    const EVERY: Duration = Duration::from_millis(100);

    fn lets_through(&mut self, now: Instant) -> bool {
        let due = self
            .last
            .is_none_or(|last| now.saturating_duration_since(last) >= Self::EVERY);
        if due {
            self.last = Some(now);
        }
        due
    }
}

fn sync_input(account: &str, resource: &str, options: SyncOptions) -> Result<SyncInput, Fault> {
    const MODES: [&str; 4] = ["test", "full", "incremental", "unexported"];
    let mode = MODES
        .into_iter()
        .find(|mode| *mode == options.mode)
        .ok_or_else(|| {
            Fault::invalid(
                "unknown_mode",
                format!("There is no mode {}.", options.mode),
                format!("There are: {}.", MODES.join(", ")),
            )
        })?;
    let whole_objects = match options.fields.as_deref() {
        None => None,
        Some("all") => Some(true),
        Some("mapped") => Some(false),
        Some(other) => {
            return Err(Fault::invalid(
                "unknown_fields",
                format!("Fields cannot be {other}."),
                "Ask for all, or for mapped ones.",
            ));
        }
    };
    if options
        .budget
        .is_some_and(|share| !(1..=100).contains(&share))
    {
        return Err(Fault::invalid(
            "budget_out_of_range",
            "The share of the provider's limit is a per cent from 1 to 100.",
            "Leave it empty for the account's own share.",
        ));
    }
    Ok(SyncInput {
        account: account.to_owned(),
        resource: resource.to_owned(),
        mode,
        pages: options.pages,
        budget_percent: options.budget,
        whole_objects,
        restart: options.restart,
        mark_exported: options.mark_exported,
        confirmation: options.confirm,
    })
}

impl Console {
    /// Begins a sync that goes on in the background, and answers with its run as soon as there is one.
    ///
    /// # Errors
    /// What refuses the sync before it begins: `unknown_mode`, `not_found`, `run_in_progress`, `definition_changed`…
    pub async fn start_sync(
        &self,
        account: &str,
        resource: &str,
        options: SyncOptions,
        tell: ProgressListener,
    ) -> Result<String, Fault> {
        let input = sync_input(account, resource, options)?;
        self.begin_sync(Order::by_hand(input), tell).await
    }

    /// [`Console::start_sync`], for what was checked already.
    pub(crate) async fn begin_sync(
        &self,
        order: Order,
        tell: ProgressListener,
    ) -> Result<String, Fault> {
        let (begun, run) = oneshot::channel();
        let console = self.clone();
        tokio::spawn(async move {
            // How it ends stands in the run; what refused it is told by `begun`.
            let _ = console
                .carry_out(order, tell, CancellationToken::new(), Some(begun))
                .await;
        });
        run.await.unwrap_or_else(|_| {
            Err(Fault::failed(
                "interrupted",
                "The sync ended before it began.",
                "Try again; please report it if it happens twice.",
            ))
        })
    }

    /// Carries a sync out so that it can be watched, paused and cancelled by its run until it ends. `begun` is told of
    /// the run as soon as there is one, or what refused it.
    ///
    /// # Errors
    /// As [`Console::sync`].
    pub(crate) async fn carry_out(
        &self,
        order: Order,
        tell: ProgressListener,
        stop: CancellationToken,
        mut begun: Option<oneshot::Sender<Result<String, Fault>>>,
    ) -> Result<RunView, Fault> {
        let live = Live {
            stop,
            pause: Arc::default(),
        };
        let mut throttle = Throttle::default();
        let mut last: Option<RunProgress> = None;
        let result = self
            .sync_ordered(
                order,
                |progress| {
                    if last.is_none() {
                        let live_syncs = &self.shared.live_syncs;
                        live_syncs.held().insert(progress.run.clone(), live.clone());
                        if let Some(begun) = begun.take() {
                            // Whoever asked may have gone; the sync goes on.
                            let _ = begun.send(Ok(progress.run.clone()));
                        }
                    }
                    if throttle.lets_through(Instant::now()) {
                        tell(progress);
                    }
                    last = Some(progress.clone());
                },
                &live.stop,
            )
            .await;
        let ended = match result {
            Ok(synced) => {
                let pause = live.pause.load(std::sync::atomic::Ordering::Relaxed);
                let ended = self.settle(synced.run, pause).await;
                self.shared.live_syncs.held().remove(&ended.run);
                tell(&progress_of(&ended, last.as_ref()));
                Ok(ended)
            }
            Err(fault) => {
                if let Some(last) = last {
                    tracing::warn!(run = last.run, code = fault.code, "a sync broke off");
                    self.shared.live_syncs.held().remove(&last.run);
                    tell(&RunProgress {
                        status: "failed".to_owned(),
                        eta_seconds: None,
                        ..last
                    });
                }
                Err(fault)
            }
        };
        if let Some(begun) = begun {
            let told = ended.as_ref().map(|run| run.run.clone());
            let _ = begun.send(told.map_err(Clone::clone));
        }
        ended
    }

    /// A run that was stopped to be taken up again is paused, not cancelled.
    async fn settle(&self, run: RunView, pause: bool) -> RunView {
        if !pause || run.status != "cancelled" {
            return run;
        }
        match self.restate(&run.run, Status::Paused).await {
            Ok(paused) => paused,
            Err(_) => run,
        }
    }

    async fn restate(&self, run: &str, status: Status) -> Result<RunView, Fault> {
        let uuid = run_id(run)?;
        let run = self
            .workspace()
            .write(move |tx| run::stop(tx, uuid, status, None))
            .await?;
        Ok(view(&run))
    }

    /// Pauses a sync of this program; [`Console::resume_sync`] takes it up again.
    ///
    /// # Errors
    /// `not_found`, and `run_not_here` for one that is not on its way in this program.
    pub async fn pause_sync(&self, run: &str) -> Result<(), Fault> {
        let Some(live) = self.shared.live_syncs.get(run) else {
            return Err(self.not_here(run).await);
        };
        live.pause.store(true, std::sync::atomic::Ordering::Relaxed);
        live.stop.cancel();
        Ok(())
    }

    /// Cancels a sync of this program, or one that is paused. What it stored stays.
    ///
    /// # Errors
    /// `not_found`, and `run_not_here` for one that is neither.
    pub async fn cancel_sync(&self, run: &str) -> Result<(), Fault> {
        if let Some(live) = self.shared.live_syncs.get(run) {
            live.pause
                .store(false, std::sync::atomic::Ordering::Relaxed);
            live.stop.cancel();
            return Ok(());
        }
        if self.held_run(run).await?.status == Status::Paused {
            self.restate(run, Status::Cancelled).await?;
            return Ok(());
        }
        Err(self.not_here(run).await)
    }

    async fn held_run(&self, run: &str) -> Result<run::Run, Fault> {
        let uuid: RunId = run_id(run)?;
        Ok(self.workspace().read(move |tx| run::get(tx, uuid)).await?)
    }

    async fn not_here(&self, run: &str) -> Fault {
        match self.held_run(run).await {
            Err(fault) => fault,
            Ok(run) if run.status == Status::Running => Fault::invalid(
                "run_not_here",
                "This run is not on its way in this program.",
                "Stop it where it runs; if that program is gone, start the sync again to take it up.",
            ),
            Ok(run) => Fault::invalid(
                "run_not_here",
                format!("This run is {} already.", run.status),
                "Start a new sync.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn at_most_ten_a_second_pass() {
        let start = Instant::now();
        let mut throttle = Throttle::default();
        let passed: Vec<u64> = (0..1_000)
            .step_by(7)
            .filter(|millis| throttle.lets_through(start + Duration::from_millis(*millis)))
            .collect();
        assert!(passed.len() <= 10, "{passed:?}");
        assert_eq!(passed[0], 0);
        for pair in passed.windows(2) {
            assert!(pair[1] - pair[0] >= 100);
        }
    }

    #[test]
    fn options_are_checked_before_anything_runs() {
        let options = |mode: &str, fields: Option<&str>, budget| SyncOptions {
            mode: mode.to_owned(),
            pages: None,
            budget,
            fields: fields.map(str::to_owned),
            restart: false,
            mark_exported: false,
            confirm: None,
        };
        for (options, code) in [
            (options("test", None, None), None),
            (options("full", Some("all"), Some(100)), None),
            (options("everything", None, None), Some("unknown_mode")),
            (options("full", Some("few"), None), Some("unknown_fields")),
            (options("full", None, Some(0)), Some("budget_out_of_range")),
            (
                options("full", None, Some(101)),
                Some("budget_out_of_range"),
            ),
        ] {
            let result = sync_input("a", "r", options.clone());
            assert_eq!(
                result.err().map(|fault| fault.code).as_deref(),
                code,
                "{options:?}"
            );
        }
    }
}
