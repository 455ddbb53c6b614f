//! Account keys: rotated on a schedule, what old ones sealed is sealed anew, and an old one is dropped with the last
//! backup that needs it.

use crosswalk_vault::{AccountKeys, Entry, MAX_RETIRED_KEYS};
use crosswalk_workspace::account::{Account, Status};
use crosswalk_workspace::audit::{self, Subject};
use crosswalk_workspace::backup::{self, Backup};
use crosswalk_workspace::setting::{self, Level};
use crosswalk_workspace::{Guarded, Resealing};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::console::blocking;
use crate::settings::KEY_ROTATION;
use crate::views::AccountView;
use crate::{Console, Fault};

/// What is known of an account's keys. Part of every backup, which says so by itself which keys it needs.
const KEYS: &str = "keys";

/// Keys are rotated after so many days unless a setting says otherwise.
const ROTATED_AFTER_DAYS: u16 = 90;

/// A program that runs on keeps the keys it began with, and seals with the old one until it ends what it does.
const STILL_IN_USE: SignedDuration = SignedDuration::from_hours(24);

/// Values looked at in one transaction.
const AT_ONCE: usize = 200;

/// When a key was made and retired, by its id. Nothing of the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeyState {
    current: String,
    made_at: Timestamp,
    #[serde(default)]
    retired: Vec<RetiredKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RetiredKey {
    id: String,
    made_at: Timestamp,
    retired_at: Timestamp,
    /// Nothing in this database is sealed under it any more.
    #[serde(default)]
    clean: bool,
}

impl KeyState {
    fn read(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }

    /// What is known, made to agree with the keys there are: those of the vault count. A process may have died between
    /// storing new keys there and noting it here, or an older database may have been restored.
    fn agreeing(
        known: Option<&Self>,
        keys: &AccountKeys,
        created_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let current = keys.current().to_string();
        let made_at = match known {
            Some(known) if known.current == current => known.made_at,
            None if keys.retired().next().is_none() => created_at,
            _ => now,
        };
        let retired = keys
            .retired()
            .map(|id| {
                let id = id.to_string();
                let held =
                    known.and_then(|known| known.retired.iter().find(|retired| retired.id == id));
                held.cloned().unwrap_or_else(|| RetiredKey {
                    made_at: known
                        .filter(|known| known.current == id)
                        .map_or(created_at, |known| known.made_at),
                    retired_at: now,
                    clean: false,
                    id,
                })
            })
            .collect();
        Self {
            current,
            made_at,
            retired,
        }
    }
}

/// Whether a key is old enough to be retired. A clock that was put back makes none older.
fn is_due(made_at: Timestamp, days: Option<u16>, now: Timestamp) -> bool {
    days.is_some_and(|days| {
        now.duration_since(made_at) >= SignedDuration::from_hours(24 * i64::from(days))
    })
}

/// Whether a backup holds something that only this key opens. `taken_with` is what the backup knows of the account's
/// keys; none if it was taken before anything was noted of them, or cannot be read.
fn needs(backup: &Backup, taken_with: Option<&KeyState>, key: &RetiredKey) -> bool {
    match taken_with {
        // Backups are named by the second.
        None => {
            backup.at
                >= key
                    .made_at
                    .saturating_sub(SignedDuration::from_secs(1))
                    .unwrap_or(key.made_at)
        }
        Some(state) => {
            state.current == key.id
                || state
                    .retired
                    .iter()
                    .any(|retired| retired.id == key.id && !retired.clean)
        }
    }
}

impl Console {
    /// Seals what comes from now on under a new key. What the old one sealed it still opens, until it is sealed anew.
    ///
    /// # Errors
    /// `not_found`, `keys_too_many_retired`, and what keeps the vault from opening.
    pub async fn rotate_keys(&self, id: &str) -> Result<AccountView, Fault> {
        let account = self.find_account(id).await?;
        self.rotate_keys_of(&account).await?;
        self.account(id).await
    }

    async fn rotate_keys_of(&self, account: &Account) -> Result<(), Fault> {
        // Before the lease: what its opening carries on may need it.
        self.vault().await?;
        let _lease = self.lease(account.uuid, Guarded::Entry).await?;
        let mut entry = self.entry(account).await?;
        let before = self.key_state(account, &entry.keys).await?;
        entry.keys.rotate()?;
        self.store_keys(account, &entry).await?;
        let now = self.now();
        let after = KeyState::agreeing(Some(&before), &entry.keys, account.created_at, now);
        let (subject, uuid) = (Subject::from(account), account.uuid);
        let detail = json!({ "current": after.current, "retired": after.retired.len() });
        let value = serde_json::to_value(&after).unwrap_or_default();
        self.workspace()
            .write(move |tx| {
                setting::set(tx, &Level::Account(uuid), KEYS, Some(&value))?;
                audit::change(tx, "account:keys_rotated", Some(&subject), &detail)
            })
            .await?;
        Ok(())
    }

    async fn store_keys(&self, account: &Account, entry: &Entry) -> Result<(), Fault> {
        let (vault, name, entry) = (self.vault().await?, self.entry_name(account), entry.clone());
        blocking(move || vault.store(&name, &entry)).await??;
        Ok(())
    }

    async fn key_state(&self, account: &Account, keys: &AccountKeys) -> Result<KeyState, Fault> {
        let level = Level::Account(account.uuid);
        let known = self
            .workspace()
            .read(move |tx| setting::get(tx, &level, KEYS))
            .await?;
        Ok(KeyState::agreeing(
            known.as_ref().and_then(KeyState::read).as_ref(),
            keys,
            account.created_at,
            self.now(),
        ))
    }

    async fn note_keys(&self, account: &Account, state: &KeyState) -> Result<(), Fault> {
        let level = Level::Account(account.uuid);
        let value = serde_json::to_value(state).unwrap_or_default();
        self.workspace()
            .write(move |tx| setting::set(tx, &level, KEYS, Some(&value)))
            .await?;
        Ok(())
    }

    /// What is done about keys once a day. One account that fails does not keep the others from it.
    pub(crate) async fn keep_keys(
        &self,
        accounts: &[Account],
        now: Timestamp,
    ) -> Result<(), Fault> {
        let (days, known) = self
            .workspace()
            .read(|tx| {
                let days = setting::get(tx, &Level::Workspace, KEY_ROTATION)?;
                Ok((days, setting::of_accounts(tx, KEYS)?))
            })
            .await?;
        let days = match days.as_ref().and_then(Value::as_str) {
            Some("off") => None,
            Some(days) => days.parse().ok(),
            None => Some(ROTATED_AFTER_DAYS),
        };
        for account in accounts {
            if account.status == Status::AwaitingCredentials {
                continue;
            }
            let held = known.iter().find(|(uuid, _)| *uuid == account.uuid);
            let state = held.and_then(|(_, value)| KeyState::read(value));
            let due = is_due(
                state
                    .as_ref()
                    .map_or(account.created_at, |state| state.made_at),
                days,
                now,
            );
            let retired = state.is_some_and(|state| !state.retired.is_empty());
            // Most days there is nothing to do, and the vault stays shut.
            if (due || retired)
                && let Err(fault) = self.keep_keys_of(account, due, now).await
            {
                tracing::warn!(
                    account = account.slug,
                    code = fault.code,
                    "the account's keys were not seen to"
                );
            }
        }
        Ok(())
    }

    async fn keep_keys_of(
        &self,
        account: &Account,
        due: bool,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let entry = self.entry(account).await?;
        let mut state = self.key_state(account, &entry.keys).await?;
        let used_up = |retired: &&RetiredKey| {
            !retired.clean && now.duration_since(retired.retired_at) >= STILL_IN_USE
        };
        let used_up = state.retired.iter().filter(used_up);
        let mut emptied: Vec<String> = used_up.map(|retired| retired.id.clone()).collect();
        if !emptied.is_empty() {
            let stuck = self.reseal(account, &entry.keys).await?;
            emptied.retain(|id| !stuck.contains(id));
            state = self.note_emptied(account, &emptied).await?;
        }
        self.drop_keys(account, &state).await?;
        if due && state.retired.len() < MAX_RETIRED_KEYS {
            self.rotate_keys_of(account).await?;
        }
        Ok(())
    }

    /// Notes under which retired keys nothing is sealed any more. The rest is what it is by now: another program may
    /// have rotated the keys while values were sealed anew.
    async fn note_emptied(&self, account: &Account, emptied: &[String]) -> Result<KeyState, Fault> {
        let _lease = self.lease(account.uuid, Guarded::Entry).await?;
        let entry = self.entry(account).await?;
        let mut state = self.key_state(account, &entry.keys).await?;
        for retired in &mut state.retired {
            retired.clean |= emptied.contains(&retired.id);
        }
        self.note_keys(account, &state).await?;
        Ok(state)
    }

    /// Seals anew what retired keys sealed, and says under which of them something stays.
    async fn reseal(&self, account: &Account, keys: &AccountKeys) -> Result<Vec<String>, Fault> {
        let uuid = account.uuid;
        let mut walk = self
            .workspace()
            .read(move |tx| Resealing::begin(tx, uuid))
            .await?;
        while !walk.is_done() {
            let keys = keys.clone();
            walk = self
                .workspace()
                .write(move |tx| walk.go_on(tx, &keys, AT_ONCE))
                .await?;
        }
        if walk.resealed > 0 {
            let (subject, detail) = (
                Subject::from(account),
                json!({ "values": walk.resealed, "damaged_under": walk.stuck.len() }),
            );
            self.workspace()
                .write(move |tx| audit::change(tx, "account:resealed", Some(&subject), &detail))
                .await?;
            self.workspace().empty_log().await?;
        }
        Ok(walk.stuck.iter().map(ToString::to_string).collect())
    }

    /// Drops the retired keys that neither the database nor a backup needs.
    async fn drop_keys(&self, account: &Account, state: &KeyState) -> Result<(), Fault> {
        let clean: Vec<&RetiredKey> = state.retired.iter().filter(|key| key.clean).collect();
        if clean.is_empty() {
            return Ok(());
        }
        let folder = self.workspace().folder().clone();
        let uuid = account.uuid;
        let backups: Vec<(Backup, Option<KeyState>)> = blocking(move || {
            let backups = backup::list(&folder)?;
            let known = |backup: &Backup| {
                let held = backup::account_settings(&folder, backup, KEYS).ok()?;
                let (_, value) = held.into_iter().find(|(account, _)| *account == uuid)?;
                KeyState::read(&value)
            };
            Ok::<_, crosswalk_workspace::Error>(
                backups
                    .into_iter()
                    .map(|backup| {
                        let state = known(&backup);
                        (backup, state)
                    })
                    .collect(),
            )
        })
        .await??;
        let unneeded: Vec<&str> = clean
            .into_iter()
            .filter(|key| {
                !backups
                    .iter()
                    .any(|(backup, taken_with)| needs(backup, taken_with.as_ref(), key))
            })
            .map(|key| key.id.as_str())
            .collect();
        if unneeded.is_empty() {
            return Ok(());
        }
        let _lease = self.lease(uuid, Guarded::Entry).await?;
        let mut entry = self.entry(account).await?;
        let ids: Vec<_> = entry
            .keys
            .retired()
            .filter(|id| unneeded.contains(&id.to_string().as_str()))
            .collect();
        for id in &ids {
            entry.keys.forget(*id)?;
        }
        self.store_keys(account, &entry).await?;
        let left = self.key_state(account, &entry.keys).await?;
        self.note_keys(account, &left).await?;
        let (subject, detail) = (Subject::from(account), json!({ "dropped": ids.len() }));
        self.workspace()
            .write(move |tx| audit::change(tx, "account:keys_dropped", Some(&subject), &detail))
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_connector::GrantKind;

    use super::*;
    use crate::accounts::test_account::{ACCOUNT, with_account};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn backup(taken: &str) -> Backup {
        Backup {
            name: "b.db".into(),
            at: at(taken),
            reason: backup::Reason::Daily,
            bytes: 1,
        }
    }

    fn key(id: &str, clean: bool) -> RetiredKey {
        RetiredKey {
            id: id.into(),
            made_at: at("2028-01-01T00:00:00Z"),
            retired_at: at("2028-03-01T00:00:00Z"),
            clean,
        }
    }

    #[test]
    fn keys_are_rotated_when_they_are_old_enough() {
        let made = at("2027-12-01T12:00:00Z");
        for (now, days, expected) in [
            ("2028-02-29T11:59:59Z", Some(90), false),
            ("2028-02-29T12:00:00Z", Some(90), true),
            ("2030-01-01T00:00:00Z", None, false),
            ("2020-01-01T00:00:00Z", Some(1), false),
        ] {
            assert_eq!(is_due(made, days, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn a_key_lives_until_the_last_backup_that_names_it_is_gone() {
        let state = |current: &str, retired: Vec<RetiredKey>| KeyState {
            current: current.into(),
            made_at: at("2028-03-01T00:00:00Z"),
            retired,
        };
        for (taken, with, needed) in [
            // Taken while it was the one in use, and while values of it were left.
            ("2028-02-01T00:00:00Z", Some(state("old", vec![])), true),
            (
                "2028-03-01T06:00:00Z",
                Some(state("new", vec![key("old", false)])),
                true,
            ),
            // Taken after everything was sealed anew, or after the key was dropped.
            (
                "2028-03-03T00:00:00Z",
                Some(state("new", vec![key("old", true)])),
                false,
            ),
            ("2028-04-01T00:00:00Z", Some(state("new", vec![])), false),
            // Of a time before anything was noted: needed unless it is older than the key.
            ("2028-02-01T00:00:00Z", None, true),
            ("2027-12-01T00:00:00Z", None, false),
        ] {
            assert_eq!(
                needs(&backup(taken), with.as_ref(), &key("old", true)),
                needed,
                "{taken} {with:?}"
            );
        }
    }

    #[test]
    fn the_vault_s_keys_count_whatever_was_noted() {
        let (created, now) = (at("2028-01-01T00:00:00Z"), at("2028-05-01T00:00:00Z"));
        let mut keys = AccountKeys::generate().unwrap();
        let first = keys.current().to_string();
        let fresh = KeyState::agreeing(None, &keys, created, now);
        assert_eq!((fresh.made_at, fresh.retired.len()), (created, 0));
        // Rotated by a process that did not live to note it.
        keys.rotate().unwrap();
        let agreed = KeyState::agreeing(Some(&fresh), &keys, created, now);
        assert_eq!(agreed.made_at, now);
        assert_eq!(agreed.retired[0].id, first);
        assert_eq!(agreed.retired[0].made_at, created);
        assert!(!agreed.retired[0].clean);
        // Noted twice is noted once.
        let again = KeyState::agreeing(Some(&agreed), &keys, created, at("2028-06-01T00:00:00Z"));
        assert_eq!(again, agreed);
        // Forgotten and made anew: nothing is left of the old ones.
        let anew = AccountKeys::generate().unwrap();
        assert!(
            KeyState::agreeing(Some(&agreed), &anew, created, now)
                .retired
                .is_empty()
        );
    }
    #[tokio::test]
    async fn what_another_program_rotated_meanwhile_stays_noted() {
        let home = tempfile::TempDir::new().unwrap();
        let console = with_account(
            home.path(),
            GrantKind::ClientCredentials,
            "http://127.0.0.1:9".into(),
            ("xw-1", "s3cret"),
        )
        .await;
        let account = console.find_account(ACCOUNT).await.unwrap();
        console.rotate_keys(ACCOUNT).await.unwrap();
        let entry = console.entry(&account).await.unwrap();
        let before = console.key_state(&account, &entry.keys).await.unwrap();
        console.rotate_keys(ACCOUNT).await.unwrap();
        let emptied = [before.retired[0].id.clone()];
        let noted = console.note_emptied(&account, &emptied).await.unwrap();
        assert_ne!(noted.current, before.current);
        let retired: Vec<_> = noted
            .retired
            .iter()
            .map(|retired| (retired.id.as_str(), retired.clean))
            .collect();
        assert_eq!(retired.len(), 2);
        assert!(retired.contains(&(emptied[0].as_str(), true)));
        assert!(retired.contains(&(before.current.as_str(), false)));
    }
}
