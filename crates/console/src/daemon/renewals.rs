//! Renewing tokens at their threshold.

use std::collections::BTreeMap;
use std::time::Duration;

use crosswalk_workspace::account::{self, Status};
use crosswalk_workspace::alert::{self, State, kind};
use crosswalk_workspace::{AlertId, token};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::Runner;
use crate::alerts::{ClockReading, Due, spread};
use crate::{Fault, FaultClass};

/// Renewals on their way at once.
const AT_ONCE: usize = 8;

/// A token dated later than this from now was obtained under a clock that was wrong.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// After a failure that may pass, the next try waits: 30 s, doubling to half an hour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    tries: u32,
    /// On the clock that only runs on.
    until: Duration,
}

impl Backoff {
    fn after(before: Option<Self>, running: Duration) -> Self {
        let tries = before.map_or(0, |before| before.tries + 1);
        let wait = Duration::from_secs(30)
            .saturating_mul(2_u32.saturating_pow(tries))
            .min(Duration::from_mins(30));
        Self {
            tries,
            until: running.saturating_add(wait),
        }
    }
}

struct Falling {
    due: Due,
    alert: AlertId,
    /// When the token that fell due was received.
    obtained_at: Timestamp,
}

impl Runner {
    /// Tokens that fell due and are not waiting for another try.
    async fn falling(&self, now: Timestamp) -> Result<Vec<Falling>, Fault> {
        let rows = self
            .console
            .workspace()
            .read(move |tx| {
                let latest = now.saturating_add(CLOCK_TOLERANCE).unwrap_or(now);
                let mut falling: Vec<Falling> = Vec::new();
                for row in alert::open(tx)? {
                    let ours =
                        matches!(row.kind.as_str(), kind::ACCESS_TOKEN | kind::REFRESH_TOKEN);
                    let Some(slug) = row.account.filter(|_| ours && row.state == State::Upcoming)
                    else {
                        continue;
                    };
                    let held = account::get(tx, &slug)?;
                    let Some(clocks) = token::clocks(tx, held.uuid)? else {
                        continue;
                    };
                    let due = row.due_at <= now || clocks.obtained_at > latest;
                    let twice = falling.iter().any(|other| other.due.account == slug);
                    if !due || twice || held.status != Status::Active {
                        continue;
                    }
                    falling.push(Falling {
                        due: Due {
                            instance: held.trust.origins.first().cloned().unwrap_or_default(),
                            account: slug,
                            expires_at: clocks.expires_at,
                        },
                        alert: row.uuid,
                        obtained_at: clocks.obtained_at,
                    });
                }
                Ok(falling)
            })
            .await?;
        Ok(rows)
    }

    /// Renews what fell due, spread out, and says which accounts' tokens are new. A refusal becomes an alert; what may
    /// pass is tried again later.
    pub(super) async fn renew_due(
        &mut self,
        reading: ClockReading,
        interrupted: &CancellationToken,
    ) -> Result<Vec<String>, Fault> {
        let mut falling = self.falling(reading.wall).await?;
        falling.retain(|falling| {
            self.backoff
                .get(&falling.due.account)
                .is_none_or(|backoff| backoff.until <= reading.running)
        });
        let known: BTreeMap<String, (AlertId, Timestamp)> = falling
            .iter()
            .map(|falling| {
                let known = (falling.alert, falling.obtained_at);
                (falling.due.account.clone(), known)
            })
            .collect();
        let planned = spread(
            falling.into_iter().map(|falling| falling.due).collect(),
            reading.wall,
            self.pace,
        );
        let begun = tokio::time::Instant::now();
        let (console, known_of) = (&self.console, &known);
        let outcomes: Vec<(String, Result<(), Fault>)> = stream::iter(planned)
            .map(|(offset, due)| async move {
                tokio::select! {
                    () = tokio::time::sleep_until(begun + offset) => {}
                    () = interrupted.cancelled() => {}
                }
                let outcome = if interrupted.is_cancelled() {
                    Err(Fault::new(
                        FaultClass::Interrupted,
                        "interrupted",
                        "The renewal was stopped.",
                        "It is tried again at the next start.",
                    ))
                } else {
                    let obtained_at = known_of
                        .get(&due.account)
                        .map_or(reading.wall, |(_, obtained_at)| *obtained_at);
                    console
                        .renew_token_of(&due.account, obtained_at, interrupted)
                        .await
                        .map(drop)
                };
                (due.account, outcome)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut renewed = Vec::new();
        for (account, outcome) in outcomes {
            match outcome {
                Ok(()) => {
                    self.backoff.remove(&account);
                    renewed.push(account);
                }
                Err(fault) if fault.class == FaultClass::Interrupted => {}
                Err(fault) => {
                    tracing::warn!(account, code = fault.code, "the token was not renewed");
                    if fault.class == FaultClass::Refused {
                        let alert = known.get(&account).map(|(alert, _)| *alert);
                        self.refused(alert, &fault).await?;
                    } else {
                        let before = self.backoff.get(&account).copied();
                        self.backoff
                            .insert(account, Backoff::after(before, reading.running));
                    }
                }
            }
        }
        renewed.sort();
        Ok(renewed)
    }

    /// The provider no longer takes the credentials: that alert stands for the one of the token's age.
    async fn refused(&self, id: Option<AlertId>, fault: &Fault) -> Result<(), Fault> {
        let Some(id) = id else { return Ok(()) };
        let (message, hint) = (
            fault.message.clone(),
            fault.hint.clone().unwrap_or_default(),
        );
        self.console
            .workspace()
            .write(move |tx| alert::activate_quietly(tx, id, &message, &hint))
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_half_an_hour() {
        let mut backoff = None;
        let mut waits = Vec::new();
        for _ in 0..8 {
            let next = Backoff::after(backoff, Duration::ZERO);
            waits.push(next.until.as_secs());
            backoff = Some(next);
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1800, 1800]);
    }
}
