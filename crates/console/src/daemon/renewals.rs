//! Renewing tokens at their threshold, and saying where that does not help.

use std::collections::BTreeMap;
use std::time::Duration;

use crosswalk_connector::GrantKind;
use crosswalk_workspace::AlertId;
use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::alert::{self, Alert, State, kind};
use crosswalk_workspace::token::{self, Clocks};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::Runner;
use super::backoff::Backoff;
use crate::alerts::{ClockReading, Due, spread};
use crate::connect::connection::grant_kind;
use crate::{Fault, FaultClass};

/// Renewals on their way at once.
const AT_ONCE: usize = 8;

/// A token dated later than this from now was obtained under a clock that was wrong.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What a token asks for.
#[derive(Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    Renewal,
    /// No renewal helps; why, as it is told.
    SignIn(String),
}

/// A token that serves on and cannot be replaced but by a person.
fn ends(why: &str, end: Option<Timestamp>) -> Need {
    let until = end.map_or_else(
        || "until the provider ends it".to_owned(),
        |end| end.strftime("until %Y-%m-%d %H:%M UTC").to_string(),
    );
    Need::SignIn(format!("{why} {until}."))
}

/// What the token of an alert asks for at an instant. `signs_in`: a person does, so that nothing but a refresh token
/// renews. Pure.
fn need(alert: &Alert, clocks: &Clocks, signs_in: bool, now: Timestamp) -> Need {
    let latest = now.saturating_add(CLOCK_TOLERANCE).unwrap_or(now);
    let (is_due, is_of_tomorrow) = (alert.due_at <= now, clocks.obtained_at > latest);
    if !is_due && !is_of_tomorrow {
        return Need::Nothing;
    }
    if signs_in && clocks.refresh_obtained_at.is_none() {
        return match clocks.expires_at {
            // Asked for now, the next one is refused, which says that somebody has to sign in.
            Some(end) if end <= now => Need::Renewal,
            end if is_due => ends(
                "The provider gave no refresh token: this token cannot be renewed, and serves",
                end,
            ),
            _ => Need::Nothing,
        };
    }
    if alert.kind == kind::REFRESH_TOKEN && !is_of_tomorrow && clocks.obtained_at >= alert.due_at {
        return ends(
            "A renewal brought no new refresh token: this one serves",
            clocks.refresh_expires_at,
        );
    }
    Need::Renewal
}

/// A token of an active account, and what is known of it.
struct Known {
    alert: Alert,
    account: Account,
    clocks: Clocks,
    need: Need,
}

impl Runner {
    /// The tokens of active accounts that ask for something. It does not matter whether somebody was told of them or
    /// has seen it: renewed is renewed.
    async fn needy(&self, now: Timestamp) -> Result<Vec<Known>, Fault> {
        let rows = self
            .console
            .workspace()
            .read(|tx| {
                let mut rows: Vec<(Alert, Account, Clocks)> = Vec::new();
                for row in alert::open(tx)? {
                    let ours =
                        matches!(row.kind.as_str(), kind::ACCESS_TOKEN | kind::REFRESH_TOKEN);
                    let Some(slug) = row.account.as_deref().filter(|_| ours) else {
                        continue;
                    };
                    let held = account::get(tx, slug)?;
                    if held.status != Status::Active {
                        continue;
                    }
                    if let Some(clocks) = token::clocks(tx, held.uuid)? {
                        rows.push((row, held, clocks));
                    }
                }
                Ok(rows)
            })
            .await?;
        let known = rows.into_iter().map(|(alert, account, clocks)| {
            let definition = self.console.definition(&account.connector);
            let grant = definition.and_then(|definition| grant_kind(&definition, &account));
            let signs_in = matches!(
                grant,
                Ok(GrantKind::AuthorizationCode | GrantKind::DeviceCode)
            );
            let need = need(&alert, &clocks, signs_in, now);
            Known {
                alert,
                account,
                clocks,
                need,
            }
        });
        Ok(known.filter(|known| known.need != Need::Nothing).collect())
    }

    /// Tokens that are to be renewed and are not waiting for another try, by account.
    async fn falling(&self, reading: ClockReading) -> Result<BTreeMap<String, Known>, Fault> {
        let mut falling = BTreeMap::new();
        for known in self.needy(reading.wall).await? {
            let slug = &known.account.slug;
            let waits = self
                .backoff
                .get(slug)
                .is_some_and(|backoff| !backoff.left(reading.running).is_zero());
            if known.need == Need::Renewal && !waits {
                falling.entry(slug.clone()).or_insert(known);
            }
        }
        Ok(falling)
    }

    /// Tells of tokens that only a person replaces, while they still serve.
    pub(super) async fn ask_for_sign_ins(&self, now: Timestamp) -> Result<(), Fault> {
        let needy = self.needy(now).await?.into_iter();
        let asked: Vec<(AlertId, String)> = needy
            .filter_map(|known| match (known.need, known.alert.state) {
                (Need::SignIn(why), State::Upcoming) => Some((known.alert.uuid, why)),
                (Need::SignIn(why), State::Active) if why != known.alert.message => {
                    Some((known.alert.uuid, why))
                }
                _ => None,
            })
            .collect();
        if asked.is_empty() {
            return Ok(());
        }
        self.console
            .workspace()
            .write(move |tx| {
                for (id, why) in &asked {
                    alert::activate(tx, *id, Some((why.as_str(), "Sign in again before then.")))?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// How long until the next renewal that failed is tried again; none: none waits.
    pub(super) fn next_try(&self, running: Duration) -> Option<Duration> {
        let lefts = self.backoff.values().map(|backoff| backoff.left(running));
        lefts.filter(|left| !left.is_zero()).min()
    }

    /// Renews what fell due, spread out, and says which accounts' tokens are new. A refusal becomes an alert; what may
    /// pass is tried again later.
    pub(super) async fn renew_due(
        &mut self,
        reading: ClockReading,
        interrupted: &CancellationToken,
    ) -> Result<Vec<String>, Fault> {
        let known = self.falling(reading).await?;
        if known.is_empty() {
            return Ok(Vec::new());
        }
        let due = known.values().map(|known| Due {
            instance: known
                .account
                .trust
                .origins
                .first()
                .cloned()
                .unwrap_or_default(),
            account: known.account.slug.clone(),
            expires_at: known.clocks.expires_at,
        });
        let planned = spread(due.collect(), reading.wall, self.pace);
        let begun = tokio::time::Instant::now();
        let own = self.console.clone();
        let (console, known_of) = (&own, &known);
        let renewing = stream::iter(planned)
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
                        .map_or(reading.wall, |known| known.clocks.obtained_at);
                    console
                        .renew_token_of(&due.account, obtained_at, interrupted)
                        .await
                        .map(drop)
                };
                (due.account, outcome)
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<(String, Result<(), Fault>)>>();
        // Those of many accounts take minutes, in which nothing else waits for them.
        let mut renewing = std::pin::pin!(own.anchoring(renewing));
        let outcomes = loop {
            tokio::select! {
                outcomes = &mut renewing => break outcomes,
                () = self.syncs_turn() => {
                    let running = reading.running.saturating_add(begun.elapsed());
                    self.start_syncs_if_possible(own.now(), running).await;
                }
            }
        };
        // What failed waits from now on, not from before the others had their turn.
        let running = reading.running.saturating_add(begun.elapsed());
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
                        self.backoff.remove(&account);
                        let alert = known.get(&account).map(|known| known.alert.uuid);
                        self.refused(alert, &fault).await?;
                    } else {
                        let before = self.backoff.get(&account).copied();
                        self.backoff
                            .insert(account, Backoff::after(before, running));
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
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn alert(kind: &str, due_at: &str) -> Alert {
        Alert {
            uuid: AlertId::new(),
            account: Some("acme-prod".into()),
            tenant: None,
            tenant_name: None,
            connector: None,
            kind: kind.into(),
            state: State::Upcoming,
            due_at: at(due_at),
            message: "It is due.".into(),
            hint: None,
            notified_at: None,
            snoozed_until: None,
            resolved_at: None,
        }
    }

    #[test]
    fn a_token_is_renewed_when_it_is_due_and_where_that_helps() {
        const EVENING: &str = "2028-02-29T18:00:00Z";
        let (access, refresh) = (kind::ACCESS_TOKEN, kind::REFRESH_TOKEN);
        let (morning, noon, day_after) = (
            "2028-02-29T10:00:00Z",
            "2028-02-29T12:00:00Z",
            "2028-03-01T00:00:00Z",
        );
        for (kind, due_at, obtained_at, expires_at, refreshes, signs_in, expected) in [
            // By itself.
            (access, noon, morning, None, false, false, "renew"),
            (access, day_after, morning, None, false, false, "nothing"),
            // Signed in to, with a refresh token.
            (access, noon, morning, Some(EVENING), true, true, "renew"),
            (refresh, noon, morning, Some(EVENING), true, true, "renew"),
            // Renewed since it fell due, which brought no new refresh token.
            (
                refresh,
                noon,
                noon,
                Some(day_after),
                true,
                true,
                "brought no new",
            ),
            (access, noon, noon, Some(day_after), true, true, "renew"),
            // Signed in to, without one: it serves to its end.
            (
                access,
                noon,
                morning,
                Some(day_after),
                false,
                true,
                "until 2028-03-01 00:00",
            ),
            (
                access,
                noon,
                morning,
                None,
                false,
                true,
                "until the provider ends it",
            ),
            (access, noon, morning, Some(EVENING), false, true, "renew"),
            (
                access,
                day_after,
                morning,
                Some(day_after),
                false,
                true,
                "nothing",
            ),
            // Obtained under a clock that was a day ahead.
            (
                access,
                "2028-03-01T20:00:00Z",
                day_after,
                None,
                false,
                false,
                "renew",
            ),
            (
                access,
                "2028-03-01T20:00:00Z",
                day_after,
                None,
                false,
                true,
                "nothing",
            ),
        ] {
            let clocks = Clocks {
                obtained_at: at(obtained_at),
                usable_at: at(obtained_at),
                expires_at: expires_at.map(at),
                renew_at: None,
                scopes: None,
                refresh_obtained_at: refreshes.then(|| at("2027-12-01T00:00:00Z")),
                refresh_expires_at: None,
                refresh_renew_at: None,
            };
            let found = need(&alert(kind, due_at), &clocks, signs_in, at(EVENING));
            let said = match found {
                Need::Nothing => "nothing".to_owned(),
                Need::Renewal => "renew".to_owned(),
                Need::SignIn(why) => why,
            };
            let case = format!("{kind} {due_at} {obtained_at} {expires_at:?}: {said}");
            assert!(said.contains(expected), "{case}");
        }
    }
}
