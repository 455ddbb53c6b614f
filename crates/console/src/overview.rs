//! The overview: every account with what decides whether somebody has to look at it.

pub(crate) mod coverage;
pub(crate) mod search;

use std::collections::HashMap;

use crosswalk_connector::{Definition, Grant, RateLimit};
use crosswalk_workspace::account::{self, Account, Kind};
use crosswalk_workspace::{AccountId, Run, alert, figures, tenant, token};
use jiff::{SignedDuration, Timestamp, Zoned};

use crate::alerts::needs_somebody;
use crate::views::{AccountCoverage, LastRun, OverviewRow, OverviewTotals, TokenView};
use crate::{Console, Fault};

/// How many minutes the sparkline of the headroom shows.
const MINUTES: usize = 20;

/// A refresh token this close to its renewal age is named at the top.
const REFRESH_SOON: SignedDuration = SignedDuration::from_hours(10 * 24);

/// Default shares of the provider's limit, as the client has them.
const fn default_percent(kind: Kind) -> u8 {
    match kind {
        Kind::Sandbox => 80,
        Kind::Production => 25,
    }
}

/// Everything about all accounts, read in one go.
struct Read {
    accounts: Vec<Account>,
    tenants: HashMap<String, String>,
    clocks: HashMap<AccountId, token::Clocks>,
    last_runs: HashMap<AccountId, Run>,
    records: HashMap<AccountId, u64>,
    coverage: HashMap<AccountId, figures::Coverage>,
    due: HashMap<String, usize>,
    calls: HashMap<String, Vec<Timestamp>>,
}

/// How many calls a minute an account may make: the tightest of the provider's windows, and the account's share of it.
fn budget_per_minute(definition: &Definition, account: &Account) -> Option<f64> {
    let RateLimit::Limited(limits) = &definition.connector.rate_limit else {
        return None;
    };
    let rate = limits
        .windows
        .iter()
        .map(|window| f64::from(window.requests) / window.per.duration().as_secs_f64())
        .reduce(f64::min)?;
    let percent = account
        .budget_percent
        .unwrap_or(default_percent(account.kind));
    Some(rate * 60.0 * f64::from(percent) / 100.0)
}

/// Used share of a budget in each of the last [`MINUTES`] minutes, oldest first. More than the whole shows as the
/// whole.
fn headroom(calls: &[Timestamp], per_minute: f64, now: Timestamp) -> Vec<f64> {
    let mut counts = [0_u32; MINUTES];
    for call in calls {
        let age = now.duration_since(*call);
        let Ok(minute) = usize::try_from(age.as_secs().max(0) / 60) else {
            continue;
        };
        if let Some(count) = MINUTES
            .checked_sub(minute + 1)
            .and_then(|at| counts.get_mut(at))
        {
            *count += 1;
        }
    }
    counts
        .iter()
        .map(|count| (f64::from(*count) / per_minute).min(1.0))
        .collect()
}

/// Whether somebody has to look at an account.
fn needs_someone(row: &OverviewRow) -> bool {
    let settled = matches!(row.status.as_str(), "active" | "connecting");
    !settled || !row.healthy || row.due_alerts > 0
}

/// The figures at the top, of the rows that are shown.
pub(crate) fn totals(rows: &[OverviewRow], records_today: u64, now: Timestamp) -> OverviewTotals {
    let past = |token: &Option<TokenView>, ahead: SignedDuration| {
        token
            .as_ref()
            .and_then(|token| token.renew_at)
            .is_some_and(|at| at.duration_since(now) <= ahead)
    };
    let count =
        |wanted: &dyn Fn(&OverviewRow) -> bool| rows.iter().filter(|row| wanted(row)).count();
    OverviewTotals {
        need_someone: count(&needs_someone),
        tokens_past_threshold: count(&|row| past(&row.token, SignedDuration::ZERO)),
        refresh_due_soon: count(&|row| past(&row.refresh_token, REFRESH_SOON)),
        records_today,
    }
}

fn last_run(run: &Run) -> LastRun {
    LastRun {
        run: run.uuid.to_string(),
        resource: run.resource.clone(),
        status: run.status.to_string(),
        started_at: run.started_at,
        ended_at: run.ended_at,
        stored: run.counters.stored,
        errors: run.counters.errors,
    }
}

/// Since when it is today, in this machine's time zone.
fn today(now: Timestamp) -> Timestamp {
    let local: Zoned = now.to_zoned(jiff::tz::TimeZone::system());
    local
        .start_of_day()
        .map_or(now, |midnight| midnight.timestamp())
}

impl Console {
    async fn read_overview(&self) -> Result<Read, Fault> {
        let now = self.workspace().clock().now();
        let since = now
            .checked_sub(SignedDuration::from_mins(20))
            .unwrap_or(now);
        let read = self
            .workspace()
            .read(move |tx| {
                let mut due: HashMap<String, usize> = HashMap::new();
                for alert in alert::open(tx)? {
                    let needed = needs_somebody(&alert, now);
                    if let (true, Some(account)) = (needed, alert.account) {
                        *due.entry(account).or_default() += 1;
                    }
                }
                let mut calls: HashMap<String, Vec<Timestamp>> = HashMap::new();
                for (account, at) in figures::calls_since(tx, since)? {
                    calls.entry(account).or_default().push(at);
                }
                let tenants = tenant::list(tx)?;
                Ok(Read {
                    accounts: account::list(tx)?,
                    tenants: tenants
                        .into_iter()
                        .map(|tenant| (tenant.slug, tenant.name))
                        .collect(),
                    clocks: figures::clocks(tx)?,
                    last_runs: figures::last_runs(tx)?,
                    records: figures::records(tx)?,
                    coverage: figures::coverage(tx)?,
                    due,
                    calls,
                })
            })
            .await?;
        Ok(read)
    }

    /// Every account with its clocks, its last run and its headroom.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn overview(&self) -> Result<Vec<OverviewRow>, Fault> {
        let read = self.read_overview().await?;
        let now = self.workspace().clock().now();
        let rows = read.accounts.iter().map(|account| {
            let definition = self.definition(&account.connector).ok();
            let clocks = read.clocks.get(&account.uuid);
            let uses_tokens = definition.as_ref().is_none_or(|definition| {
                let mut grants = definition.connector.auth.grants.iter();
                grants
                    .find(|grant| grant.kind().as_str() == account.grant)
                    .is_none_or(Grant::uses_tokens)
            });
            let per_minute = definition
                .as_ref()
                .and_then(|definition| budget_per_minute(definition, account));
            let calls = read.calls.get(&account.slug).map_or(&[][..], Vec::as_slice);
            OverviewRow {
                id: account.slug.clone(),
                tenant: account.tenant.clone(),
                tenant_name: read
                    .tenants
                    .get(&account.tenant)
                    .cloned()
                    .unwrap_or_default(),
                connector: account.connector.clone(),
                connector_label: definition.map_or_else(
                    || account.connector.clone(),
                    |definition| definition.connector.label.clone(),
                ),
                kind: account.kind.to_string(),
                environment: account.environment.clone(),
                status: account.status.to_string(),
                token: clocks.map(crate::accounts::token_view),
                refresh_token: clocks.and_then(crate::accounts::refresh_view),
                auth: if uses_tokens { "oauth" } else { "api_key" }.to_owned(),
                healthy: !account.health.is_unhealthy(),
                last_run: read.last_runs.get(&account.uuid).map(last_run),
                records: read.records.get(&account.uuid).copied().unwrap_or(0),
                headroom: per_minute
                    .map(|per_minute| headroom(calls, per_minute, now))
                    .unwrap_or_default(),
                coverage: read
                    .coverage
                    .get(&account.uuid)
                    .filter(|counted| counted.of > 0)
                    .map(|counted| AccountCoverage {
                        filled: counted.filled,
                        of: counted.of,
                        records: counted.records,
                        at: counted.at,
                    }),
                due_alerts: read.due.get(&account.slug).copied().unwrap_or(0),
            }
        });
        Ok(rows.collect())
    }

    /// The figures at the overview's top; of one tenant's accounts, where one is named.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn overview_totals(&self, tenant: Option<&str>) -> Result<OverviewTotals, Fault> {
        let mut rows = self.overview().await?;
        if let Some(tenant) = tenant {
            rows.retain(|row| row.tenant.eq_ignore_ascii_case(tenant));
        }
        let now = self.workspace().clock().now();
        let (stored, accounts) = self
            .workspace()
            .read(move |tx| Ok((figures::stored_since(tx, today(now))?, account::list(tx)?)))
            .await?;
        let records_today = accounts
            .iter()
            .filter(|account| rows.iter().any(|row| row.id == account.slug))
            .filter_map(|account| stored.get(&account.uuid))
            .sum();
        Ok(totals(&rows, records_today, now))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn calls_fall_into_the_minute_they_were_sent_in() {
        let now = at(0);
        let calls = [
            at(-1),
            at(-59),
            at(-61),
            at(-19 * 60 - 59),
            at(-20 * 60),
            at(5),
        ];
        let used = headroom(&calls, 4.0, now);
        assert_eq!(used.len(), MINUTES);
        assert!(
            (used[19] - 0.75).abs() < 1e-9,
            "two and one from the future"
        );
        assert!((used[18] - 0.25).abs() < 1e-9);
        assert!((used[0] - 0.25).abs() < 1e-9);
        assert!(used[1..18].iter().all(|share| *share == 0.0));
        let flood: Vec<Timestamp> = vec![at(-1); 100];
        assert!((headroom(&flood, 4.0, now)[19] - 1.0).abs() < 1e-9);
    }

    fn row(
        status: &str,
        healthy: bool,
        due: usize,
        renew: Option<i64>,
        refresh: Option<i64>,
    ) -> OverviewRow {
        let token = |renew: Option<i64>| {
            renew.map(|renew| TokenView {
                obtained_at: at(0),
                expires_at: None,
                renew_at: Some(at(renew)),
            })
        };
        OverviewRow {
            id: "a".into(),
            tenant: "t".into(),
            tenant_name: "T".into(),
            connector: "c".into(),
            connector_label: "C".into(),
            kind: "sandbox".into(),
            environment: None,
            status: status.into(),
            token: token(renew),
            refresh_token: token(refresh),
            auth: "oauth".into(),
            healthy,
            last_run: None,
            records: 0,
            headroom: Vec::new(),
            coverage: None,
            due_alerts: due,
        }
    }

    #[test]
    fn what_needs_someone_is_counted_once() {
        const DAY: i64 = 86_400;
        let rows = [
            row("active", true, 0, Some(60), Some(11 * DAY)),
            row("active", true, 0, Some(-60), Some(9 * DAY)),
            row("active", false, 2, None, Some(-DAY)),
            row("needs_reauth", true, 0, None, None),
            row("connecting", true, 0, None, None),
            row("awaiting_credentials", true, 0, None, None),
        ];
        let expected = OverviewTotals {
            need_someone: 3,
            tokens_past_threshold: 1,
            refresh_due_soon: 2,
            records_today: 7,
        };
        assert_eq!(totals(&rows, 7, at(0)), expected);
        assert_eq!(totals(&[], 0, at(0)), OverviewTotals::default());
    }
}
