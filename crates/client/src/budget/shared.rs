use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::ledger::{Bar, Ledger};
use super::share::Share;
use super::state::State;
use super::turn::Turn;

/// Before the next look at a file somebody else holds, which takes them some microseconds.
const NEXT_LOOK: Duration = Duration::from_millis(1);
/// How often what was learned is tried to be written down. Whoever does not get to it learns it from the provider.
const TRIES: u32 = 20;
/// How often a file is opened that turns out not to be the one at its path.
const LOCKED_AGAIN: u32 = 3;
/// More than a ledger is.
const MOST_BYTES: u64 = 64 * 1024;

/// One instance's budget as far as other processes share it: a file in a folder of the workspace, locked while it is read and written. A
/// process that dies leaves no lock behind, and a file that is lost or damaged is made anew.
#[derive(Debug)]
pub(super) struct Shared {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

/// Names a file after a key that holds an address. The same in every version of the program, unlike the standard library's hashes (FNV-1a).
fn file_name(key: &str) -> String {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("budget-{hash:016x}.json")
}

fn time_of_day() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_micros()).unwrap_or(i64::MAX)
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn duration(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// Whether a file that is open is the one at its path. A lock on one that was deleted keeps nobody out who opens the next.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let which = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(there)) => which(open) == which(there),
        _ => false,
    }
}

/// Elsewhere the name of a deleted file is not free until everybody has closed it.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The lock ends with this, whatever happens in between.
struct Held<'f>(&'f mut File);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // The system lets go of it with the file at the latest.
        let _ = self.0.unlock();
    }
}

impl Held<'_> {
    fn read(&mut self, state: &State, share: Share) -> std::io::Result<Ledger> {
        let mut text = String::new();
        self.0.seek(SeekFrom::Start(0))?;
        (&mut *self.0).take(MOST_BYTES).read_to_string(&mut text)?;
        if text.is_empty() {
            return Ok(Ledger::default());
        }
        if let Ok(ledger) = serde_json::from_str(&text) {
            return Ok(ledger);
        }
        // Written at once: nobody may start anew from a full bucket at every look.
        let ledger = Ledger::lost(&state.allowances(share), time_of_day());
        self.write(&ledger)?;
        Ok(ledger)
    }

    fn write(&mut self, ledger: &Ledger) -> std::io::Result<()> {
        let text = serde_json::to_vec(ledger)?;
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&text)?;
        self.0.set_len(text.len() as u64)
    }
}

impl Shared {
    pub(super) fn new(folder: &Path, key: &str) -> Self {
        Self {
            path: folder.join(file_name(key)),
            file: Mutex::new(None),
        }
    }

    /// Does something with the locked file; none while somebody else has it.
    fn locked<T>(
        &self,
        act: impl FnOnce(&mut Held<'_>) -> std::io::Result<T>,
    ) -> std::io::Result<Option<T>> {
        let mut slot = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..LOCKED_AGAIN {
            let file = match &mut *slot {
                Some(file) => file,
                empty => empty.insert(
                    File::options()
                        .create(true)
                        .truncate(false)
                        .read(true)
                        .write(true)
                        .open(&self.path)?,
                ),
            };
            // Looked at with the lock: it may be deleted, and made anew by somebody else, until then.
            match file.try_lock() {
                Ok(()) => {
                    let mut held = Held(file);
                    if is_at(held.0, &self.path) {
                        return act(&mut held).map(Some);
                    }
                }
                Err(TryLockError::WouldBlock) if is_at(file, &self.path) => return Ok(None),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            *slot = None;
        }
        Err(std::io::ErrorKind::NotFound.into())
    }

    /// Takes a call's place beside those of other processes, or says what to do instead. A file that cannot be used leaves each process to
    /// its own budget, and the provider's 429s to the rest.
    pub(super) fn take(&self, state: &mut State, now: Instant) -> Result<(), Turn> {
        let taken = self.locked(|held| {
            let wall = time_of_day();
            let own = state.widest_share();
            let mut ledger = held.read(state, own)?;
            if let Some((to, ago)) = ledger.slowed(wall) {
                state.slow_down_to(to, duration(ago), now);
            }
            let widest = Share::of(ledger.widest(own.part(), wall));
            let allowances = state.allowances(widest);
            match ledger.bar(&allowances, wall) {
                None => {
                    ledger.count(&allowances, own.part(), wall);
                    held.write(&ledger)?;
                    Ok(Ok(()))
                }
                Some(Bar::Wait(wait)) => Ok(Err(Turn::Wait(now + duration(wait)))),
                Some(Bar::Circuit(left)) => Ok(Err(Turn::CircuitOpen(now + duration(left)))),
            }
        });
        taken
            .unwrap_or(Some(Ok(())))
            .unwrap_or(Err(Turn::Wait(now + NEXT_LOOK)))
    }

    /// Tells the others what this process learned from an answer.
    pub(super) fn tell(&self, state: &State, now: Instant) {
        let (pause, circuit, slowed_to) = state.learned(now);
        for _ in 0..TRIES {
            let told = self.locked(|held| {
                let mut ledger = held.read(state, state.widest_share())?;
                ledger.learn(micros(pause), micros(circuit), slowed_to, time_of_day());
                held.write(&ledger)
            });
            match told {
                Ok(None) => std::thread::sleep(NEXT_LOOK),
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_file_name_gives_no_address_away_and_never_changes() {
        assert_eq!(
            file_name("https://acme.example.com"),
            file_name("https://acme.example.com")
        );
        assert_ne!(file_name("a"), file_name("b"));
        // Published value of FNV-1a for "foobar".
        assert_eq!(file_name("foobar"), "budget-85944171f73967e8.json");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_deleted_is_made_anew_for_everybody() {
        let folder = std::env::temp_dir().join(format!("crosswalk-budget-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (one, other) = (Shared::new(&folder, "a"), Shared::new(&folder, "a"));
        let gets_it = |shared: &Shared| shared.locked(|_| Ok(())).unwrap().is_some();
        assert!(gets_it(&one));
        std::fs::remove_file(folder.join(file_name("a"))).unwrap();
        let meanwhile = other.locked(|_| Ok(gets_it(&one))).unwrap();
        assert_eq!(meanwhile, Some(false), "both lock the file there is now");
        assert!(gets_it(&one));

        // Deleted while somebody holds it, it is made anew by the next one.
        let file = folder.join(file_name("a"));
        let found = one.locked(|held| {
            std::fs::remove_file(&file)?;
            Ok(is_at(held.0, &file))
        });
        assert_eq!(found.unwrap(), Some(false));
        let second = other.locked(|held| Ok(is_at(held.0, &file)));
        assert_eq!(second.unwrap(), Some(true), "what is held is what is there");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
