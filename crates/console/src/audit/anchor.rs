//! The audit's anchor: the chain's head, kept where the workspace is not. In the keyring where the workspace's secrets
//! are there; beside the database where they are in a passphrase vault, since that cannot be opened without asking.
//!
//! Nothing here opens the vault: the anchor is a note of its own that opens nothing. Nobody is asked to unlock a keyring
//! for it either: while that is locked, the audit is not anchored.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crosswalk_vault::{KeyringNotes, VaultKind};
use crosswalk_workspace::audit::{self, Head};
use serde::{Deserialize, Serialize};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::console::blocking;
use crate::{Console, Fault};

/// Beside the database.
const ANCHOR_FILE: &str = "audit-anchor.json";

/// How often the audit is anchored beside something that goes on for long.
const MEANWHILE: Duration = Duration::from_mins(1);

/// How many restores a note tells of, and by how much of their rows' hashes: a keyring keeps no long notes.
const MOST_MARKS: u32 = 32;
const MARK: usize = 16;

/// What is kept as the anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Anchor {
    #[serde(flatten)]
    pub(crate) head: Head,
    /// The rows of restores after which the chain was anchored anew, the newest first: each explains that once. None
    /// where an earlier version wrote the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restored: Option<Vec<String>>,
}

fn mark(hash: &str) -> String {
    hash.chars().take(MARK).collect()
}

impl Anchor {
    /// Whether the chain was anchored since this row of a restore was written.
    pub(crate) fn knows(&self, row: &Head) -> bool {
        self.restored
            .iter()
            .flatten()
            .any(|known| *known == mark(&row.hash))
    }
}

/// What a note is to tell of restores: those that are known, and the one that counts now. Pure.
fn marks(known: Vec<String>, now: Option<&Head>) -> Vec<String> {
    let now = now.map(|row| mark(&row.hash));
    let earlier = known
        .into_iter()
        .filter(|known| Some(known) != now.as_ref());
    let mut marks: Vec<String> = now.iter().cloned().chain(earlier).collect();
    marks.truncate(MOST_MARKS as usize);
    marks
}

/// Where an anchor is kept.
#[derive(Clone, Debug)]
pub(crate) enum AnchorPlace {
    Keyring(Uuid),
    File(PathBuf),
}

impl AnchorPlace {
    pub(crate) fn read(&self) -> Result<Option<Anchor>, Fault> {
        let text = match self {
            Self::Keyring(workspace) => KeyringNotes::shared()?.note(*workspace)?,
            Self::File(path) => match std::fs::read_to_string(path) {
                Ok(text) => Some(text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(unreadable(&error)),
            },
        };
        text.map(|text| serde_json::from_str(&text).map_err(|error| unreadable(&error)))
            .transpose()
    }

    pub(crate) fn write(&self, anchor: &Anchor) -> Result<(), Fault> {
        let text = serde_json::to_string(anchor).map_err(|error| unreadable(&error))?;
        match self {
            Self::Keyring(workspace) => {
                KeyringNotes::shared()?.keep_note(*workspace, &text)?;
                Ok(())
            }
            Self::File(path) => replace(path, text.as_bytes()).map_err(|error| unreadable(&error)),
        }
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Fault {
    Fault::failed(
        "anchor_unavailable",
        format!("The audit's anchor cannot be used: {error}."),
        "The chain itself is checked without it; rows cut off at its end are not found.",
    )
}

/// Written beside and renamed, so that a reader never sees half of it.
fn replace(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    // Two of one process do not write the same one.
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let (process, number) = (std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed));
    let fresh = path.with_extension(format!("{process}-{number}.partial"));
    let mut options = std::fs::File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)
}

/// What is to be done about the anchor. Pure.
#[derive(Debug, PartialEq, Eq)]
enum Move {
    /// It says what the chain's head is, or somebody else anchored a later row.
    Stay,
    /// The chain goes on from it.
    Forward,
    /// The chain does not hold it, and no restore explains that: somebody took rows away. It stays, as the evidence.
    Refuse,
}

fn decide(anchor: Option<&Head>, head: &Head, holds_anchor: bool, restored: bool) -> Move {
    match anchor {
        Some(_) if !holds_anchor && restored => Move::Forward,
        Some(_) if !holds_anchor => Move::Refuse,
        Some(anchor) if anchor.seq >= head.seq => Move::Stay,
        None | Some(_) => Move::Forward,
    }
}

/// Begins something each minute beside work, until the work ends.
async fn each_minute<T>(work: impl Future<Output = T>, mut begin: impl FnMut()) -> T {
    let mut work = std::pin::pin!(work);
    let mut minute = tokio::time::interval(MEANWHILE);
    // One is enough after minutes in which nothing could be begun.
    minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is at once.
    minute.tick().await;
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            _ = minute.tick() => begin(),
        }
    }
}

impl Console {
    /// Where this workspace's anchor is; none before a vault was chosen.
    pub(crate) async fn anchor_place(&self) -> Result<Option<AnchorPlace>, Fault> {
        let kind = self.workspace().vault_kind().await?;
        Ok(kind.map(|kind| match kind {
            VaultKind::Keyring => AnchorPlace::Keyring(self.workspace().id().uuid()),
            VaultKind::Passphrase => {
                AnchorPlace::File(self.workspace().folder().path().join(ANCHOR_FILE))
            }
        }))
    }

    /// The anchor; none where nothing was ever anchored.
    pub(crate) async fn audit_anchor(&self) -> Result<Option<Anchor>, Fault> {
        match self.anchor_place().await? {
            Some(place) => blocking(move || place.read()).await?,
            None => Ok(None),
        }
    }

    /// Anchors the audit's head: at the end of runs, each minute, at exit. A chain that no longer holds the anchor is
    /// not anchored anew, unless a backup was restored since, which counts once. A keyring that does not answer and a
    /// disk that is full are no failure: the next time will do.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn anchor_audit(&self) -> Result<(), Fault> {
        let Some(place) = self.anchor_place().await? else {
            return Ok(());
        };
        // Before the anchor: another process keeps one first and remembers it then.
        let known = self.workspace().read(audit::anchoring).await?;
        let reading = place.clone();
        let anchor = match blocking(move || reading.read()).await? {
            Ok(anchor) => anchor,
            Err(fault) => {
                tracing::debug!(code = fault.code, "the audit was not anchored");
                return Ok(());
            }
        };
        if anchor.is_none()
            && known.kept
            && let Err(error) = self.workspace().write(audit::anchor_gone).await
        {
            tracing::debug!(%error, "the audit was not anchored");
            return Ok(());
        }
        let restored = known.restored.as_ref();
        let restored = restored.filter(|row| !anchor.as_ref().is_some_and(|held| held.knows(row)));
        let held = anchor.as_ref().map(|anchor| anchor.head.clone());
        let (head, holds) = self
            .workspace()
            .read(move |tx| {
                let holds = match &held {
                    Some(held) => audit::holds(tx, held)?,
                    None => true,
                };
                Ok((audit::head(tx)?, holds))
            })
            .await?;
        let Some(mut head) = head else { return Ok(()) };
        let before = anchor.as_ref().map(|anchor| &anchor.head);
        match decide(before, &head, holds, restored.is_some()) {
            Move::Stay if known.kept && known.restored.is_none() => {}
            Move::Stay if restored.is_none() => self.remember_anchored().await,
            Move::Stay | Move::Forward => {
                let news = anchor.is_none() || !known.kept || known.restored.is_some();
                if let Some(lost) = before.filter(|_| !holds) {
                    match self.abandon(lost.clone()).await {
                        Ok(told) => head = told.unwrap_or(head),
                        Err(error) => {
                            tracing::debug!(%error, "the audit was not anchored");
                            return Ok(());
                        }
                    }
                }
                let told = anchor.and_then(|anchor| anchor.restored);
                let anchor = self.anchor_at(head, told, restored).await?;
                let kept = self.keep_anchor(place, anchor).await?.is_none();
                if kept && news {
                    self.remember_anchored().await;
                }
            }
            Move::Refuse => tracing::warn!(
                "the audit chain does not hold its anchor; `xwalk audit verify` says where it breaks"
            ),
        }
        Ok(())
    }

    /// Carries out something that may go on for long, and anchors the audit each minute meanwhile.
    pub(crate) async fn anchoring<T>(&self, work: impl Future<Output = T>) -> T {
        each_minute(work, || {
            let console = self.clone();
            tokio::spawn(async move {
                if let Err(fault) = console.anchor_audit().await {
                    tracing::warn!(code = fault.code, "the audit was not anchored");
                }
            });
        })
        .await
    }

    /// Writes which anchor the chain is anchored past, and gives its head then.
    async fn abandon(&self, lost: Head) -> Result<Option<Head>, crosswalk_workspace::Error> {
        self.workspace()
            .write(move |tx| {
                audit::anchor_abandoned(tx, &lost)?;
                audit::head(tx)
            })
            .await
    }

    /// The note to keep: `told` is what the last one told of restores, `restored` the row of the one that counts now.
    async fn anchor_at(
        &self,
        head: Head,
        told: Option<Vec<String>>,
        restored: Option<&Head>,
    ) -> Result<Anchor, Fault> {
        let known = if let Some(told) = told {
            told
        } else {
            let all = self
                .workspace()
                .read(|tx| audit::restores(tx, MOST_MARKS))
                .await?;
            all.iter().map(|hash| mark(hash)).collect()
        };
        Ok(Anchor {
            head,
            restored: Some(marks(known, restored)),
        })
    }

    /// Where that fails, the next anchor is remembered.
    async fn remember_anchored(&self) {
        if let Err(error) = self.workspace().write(audit::anchored).await {
            tracing::debug!(%error, "that the audit was anchored is not remembered");
        }
    }

    /// Keeps an anchor, or gives why that cannot be.
    async fn keep_anchor(
        &self,
        place: AnchorPlace,
        anchor: Anchor,
    ) -> Result<Option<Fault>, Fault> {
        let kept = blocking(move || place.write(&anchor)).await?;
        Ok(kept
            .inspect_err(|fault| tracing::debug!(code = fault.code, "the audit was not anchored"))
            .err())
    }

    /// Anchors the head whatever the anchor says: after a restore, whose own row says what happened. Gives why that
    /// cannot be; then [`Self::anchor_audit`] does it later.
    pub(crate) async fn anchor_restored(&self) -> Result<Option<Fault>, Fault> {
        let (head, known) = self
            .workspace()
            .read(|tx| Ok((audit::head(tx)?, audit::anchoring(tx)?)))
            .await?;
        let (Some(place), Some(head)) = (self.anchor_place().await?, head) else {
            return Ok(None);
        };
        let reading = place.clone();
        // One that cannot be read is written anew, if it can be written.
        let before = blocking(move || reading.read()).await?.ok().flatten();
        let told = before.and_then(|before| before.restored);
        let anchor = self.anchor_at(head, told, known.restored.as_ref()).await?;
        let failed = self.keep_anchor(place, anchor).await?;
        if failed.is_none() {
            self.remember_anchored().await;
        }
        Ok(failed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_anchor_only_moves_forward_on_a_chain_that_holds_it_or_was_restored() {
        let head = |seq| Head {
            seq,
            hash: "00".into(),
        };
        for (anchor, holds, restored, expected) in [
            (None, true, false, Move::Forward),
            (Some(3), true, false, Move::Forward),
            (Some(5), true, false, Move::Stay),
            (Some(7), true, false, Move::Stay),
            (Some(3), false, false, Move::Refuse),
            (Some(7), false, false, Move::Refuse),
            (Some(3), false, true, Move::Forward),
            (Some(7), false, true, Move::Forward),
            (Some(5), true, true, Move::Stay),
        ] {
            assert_eq!(
                decide(anchor.map(head).as_ref(), &head(5), holds, restored),
                expected,
                "{anchor:?} {holds} {restored}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn beside_work_that_goes_on_it_is_anchored_each_minute_and_not_after_it() {
        for (seconds, expected) in [(0, 0), (59, 0), (61, 1), (150, 2), (3_630, 60)] {
            let mut begun = 0;
            let work = async {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                "ended"
            };
            let ended = each_minute(work, || begun += 1).await;
            assert_eq!((ended, begun), ("ended", expected), "{seconds} s");
        }
    }

    #[test]
    fn a_restore_counts_once_however_many_follow() {
        let earlier: Anchor = serde_json::from_str(r#"{"seq":3,"hash":"00"}"#).unwrap();
        let row = |number: u32| Head {
            seq: 1,
            hash: format!("{number:064x}").chars().rev().collect(),
        };
        assert!(!earlier.knows(&row(1)));
        let mut known = Vec::new();
        for number in 1..=40 {
            known = marks(known, Some(&row(number)));
            known = marks(known, Some(&row(number)));
        }
        assert_eq!(known.len(), MOST_MARKS as usize);
        let anchor = Anchor {
            restored: Some(marks(known, None)),
            ..earlier
        };
        assert!(anchor.knows(&row(40)) && anchor.knows(&row(9)));
        assert!(!anchor.knows(&row(8)) && !anchor.knows(&row(41)));
    }

    #[test]
    fn an_anchor_in_a_file_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = AnchorPlace::File(folder.path().join(ANCHOR_FILE));
        assert_eq!(place.read().unwrap(), None);
        for seq in [1, 2] {
            let anchor = Anchor {
                head: Head {
                    seq,
                    hash: "ab".into(),
                },
                restored: (seq > 1).then(|| vec!["cd".to_owned()]),
            };
            place.write(&anchor).unwrap();
            assert_eq!(place.read().unwrap(), Some(anchor));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
