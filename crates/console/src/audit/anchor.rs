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
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::console::blocking;
use crate::{Console, Fault};

/// Beside the database.
const ANCHOR_FILE: &str = "audit-anchor.json";

/// How often the audit is anchored beside something that goes on for long.
const MEANWHILE: Duration = Duration::from_mins(1);

/// Where an anchor is kept.
#[derive(Clone, Debug)]
pub(crate) enum AnchorPlace {
    Keyring(Uuid),
    File(PathBuf),
}

impl AnchorPlace {
    pub(crate) fn read(&self) -> Result<Option<Head>, Fault> {
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

    pub(crate) fn write(&self, head: &Head) -> Result<(), Fault> {
        let text = serde_json::to_string(head).map_err(|error| unreadable(&error))?;
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
    pub(crate) async fn audit_anchor(&self) -> Result<Option<Head>, Fault> {
        match self.anchor_place().await? {
            Some(place) => blocking(move || place.read()).await?,
            None => Ok(None),
        }
    }

    /// Anchors the audit's head: at the end of runs, each minute, at exit. A chain that no longer holds the anchor is
    /// not anchored anew, unless a backup was restored since. A keyring that does not answer and a disk that is full are
    /// no failure: the next time will do.
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
        let held = anchor.clone();
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
        let Some(head) = head else { return Ok(()) };
        match decide(anchor.as_ref(), &head, holds, known.restored) {
            Move::Stay if known.kept && !known.restored => {}
            Move::Stay => self.remember_anchored().await,
            Move::Forward => {
                let news = anchor.is_none() || !known.kept || known.restored;
                let kept = self.keep_anchor(place, head).await?.is_none();
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

    /// Where that fails, the next anchor is remembered.
    async fn remember_anchored(&self) {
        if let Err(error) = self.workspace().write(audit::anchored).await {
            tracing::debug!(%error, "that the audit was anchored is not remembered");
        }
    }

    /// Keeps an anchor, or gives why that cannot be.
    async fn keep_anchor(&self, place: AnchorPlace, head: Head) -> Result<Option<Fault>, Fault> {
        let kept = blocking(move || place.write(&head)).await?;
        Ok(kept
            .inspect_err(|fault| tracing::debug!(code = fault.code, "the audit was not anchored"))
            .err())
    }

    /// Anchors the head whatever the anchor says: after a restore, whose own row says what happened. Gives why that
    /// cannot be; then [`Self::anchor_audit`] does it later.
    pub(crate) async fn anchor_restored(&self) -> Result<Option<Fault>, Fault> {
        let head = self.workspace().read(audit::head).await?;
        let (Some(place), Some(head)) = (self.anchor_place().await?, head) else {
            return Ok(None);
        };
        let failed = self.keep_anchor(place, head).await?;
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
    fn an_anchor_in_a_file_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = AnchorPlace::File(folder.path().join(ANCHOR_FILE));
        assert_eq!(place.read().unwrap(), None);
        for seq in [1, 2] {
            let head = Head {
                seq,
                hash: "ab".into(),
            };
            place.write(&head).unwrap();
            assert_eq!(place.read().unwrap(), Some(head));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
