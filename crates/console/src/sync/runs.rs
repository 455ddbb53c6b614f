//! Runs: past ones, and what each went through.

use crosswalk_workspace::RunId;
use crosswalk_workspace::run::{self, Run, Status};

use crate::sync::resume;
use crate::views::{
    ErrorGroup, ErrorView, LogLine, RunDetail, RunFilter, RunProgress, RunView, per_second,
};
use crate::{Console, Fault};

/// The most runs that are listed at once.
const MOST: u32 = 10_000;

/// A run as a face shows it.
pub(crate) fn view(run: &Run) -> RunView {
    let counters = &run.counters;
    let duration_ms = u64::try_from(counters.active.as_millis()).unwrap_or(u64::MAX);
    RunView {
        run: run.uuid.to_string(),
        account: run.account_slug.clone(),
        resource: run.resource.clone(),
        mode: run.mode.to_string(),
        status: run.status.to_string(),
        fetched: counters.fetched(),
        stored: counters.stored,
        duplicates: counters.duplicates,
        errors: counters.errors,
        requests: counters.requests,
        retries: counters.retries,
        rate_limited: counters.rate_limited,
        duration_ms,
        requests_per_second: per_second(counters.requests, duration_ms),
        started_at: run.started_at,
        ended_at: run.ended_at,
        checkpoint: run.checkpoint.clone(),
        error: run.fault.as_ref().map(|fault| ErrorView {
            code: fault.code.clone(),
            message: fault.message.clone(),
            hint: fault.hint.clone(),
            at: run.ended_at,
        }),
    }
}

/// How a run ended, as the last of its progress.
pub(crate) fn progress_of(run: &RunView, last: Option<&RunProgress>) -> RunProgress {
    RunProgress {
        run: run.run.clone(),
        account: run.account.clone(),
        resource: run.resource.clone(),
        status: run.status.clone(),
        fetched: run.fetched,
        stored: run.stored,
        duplicates: run.duplicates,
        errors: run.errors,
        pages: last.map_or(0, |last| last.pages),
        requests: run.requests,
        retries: run.retries,
        rate_limited: run.rate_limited,
        requests_per_second: run.requests_per_second,
        budget_per_second: last.and_then(|last| last.budget_per_second),
        eta_seconds: None,
    }
}

/// A run's id from its text.
///
/// # Errors
/// `not_found`.
pub(crate) fn run_id(id: &str) -> Result<RunId, Fault> {
    id.parse().map_err(|_| {
        Fault::invalid(
            "not_found",
            format!("There is no run {id}."),
            "Choose one from the account's runs; `xwalk runs ACCOUNT` lists their ids.",
        )
    })
}

impl Console {
    /// Runs of all accounts, newest first: only a tenant's where one is named.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn recent_runs(
        &self,
        filter: RunFilter,
        tenant: Option<&str>,
    ) -> Result<Vec<RunView>, Fault> {
        let account = match &filter.account {
            Some(account) => Some(self.find_account(account).await?.uuid),
            None => None,
        };
        let (resource, tenant) = (filter.resource, tenant.map(str::to_owned));
        let limit = filter.limit.clamp(1, MOST);
        let runs = self
            .workspace()
            .read(move |tx| run::recent(tx, tenant.as_deref(), account, resource.as_deref(), limit))
            .await?;
        Ok(runs.iter().map(view).collect())
    }

    /// The account a run is of.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn account_of_run(&self, id: &str) -> Result<String, Fault> {
        let uuid = run_id(id)?;
        let run = self.workspace().read(move |tx| run::get(tx, uuid)).await?;
        Ok(run.account_slug)
    }

    /// An account's runs, newest first.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn runs(
        &self,
        account: &str,
        resource: Option<&str>,
        limit: usize,
    ) -> Result<Vec<RunView>, Fault> {
        let account = self.find_account(account).await?;
        let resource = resource.map(str::to_owned);
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let runs = self
            .workspace()
            .read(move |tx| run::list(tx, account.uuid, resource.as_deref(), limit))
            .await?;
        Ok(runs.iter().map(view).collect())
    }

    /// One run, its errors grouped by cause, and its log.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn run(&self, id: &str) -> Result<RunDetail, Fault> {
        let uuid = run_id(id)?;
        let (run, resume, errors, log) = self
            .workspace()
            .read(move |tx| {
                let run = run::get(tx, uuid)?;
                let resume = match run.status {
                    // At work, or killed: then a new sync of its mode takes it up.
                    Status::Running => None,
                    _ => resume::resumption(tx, &run)?,
                };
                Ok((
                    run,
                    resume,
                    run::errors(tx, uuid)?,
                    run::log_lines(tx, uuid)?,
                ))
            })
            .await?;
        Ok(RunDetail {
            run: view(&run),
            resume,
            error_groups: errors
                .into_iter()
                .map(|error| ErrorGroup {
                    cause: error.cause,
                    message: error.message,
                    hint: error.hint,
                    count: error.count,
                    records: error.native_ids,
                })
                .collect(),
            log: log
                .into_iter()
                .map(|line| LogLine {
                    at: line.at,
                    severity: line.severity.to_string(),
                    message: line.message,
                })
                .collect(),
        })
    }
}
