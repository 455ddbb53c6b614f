//! What a face decides before it opens a console.

use std::path::PathBuf;
use std::sync::Arc;

use crosswalk_mapping::WorkerCommand;
use crosswalk_vault::{Secret, VaultKind};

use crate::Fault;

/// Asked for a passphrase when a vault has to be opened; `true` when a new one is chosen.
pub type PassphraseSource = Arc<dyn Fn(bool) -> Result<Secret, Fault> + Send + Sync>;

/// How to open a console.
#[derive(Clone)]
pub struct Options {
    /// The workspace's folder.
    pub folder: PathBuf,
    /// The kind of vault; `None`: the one the workspace remembers, else the keyring.
    pub vault: Option<VaultKind>,
    /// Where a passphrase comes from; `None`: a passphrase vault cannot be opened.
    pub passphrase: Option<PassphraseSource>,
    /// The program that evaluates mappings; `None`: `crosswalk-worker` beside this program.
    pub worker: Option<WorkerCommand>,
    /// Where the time comes from; `None`: the machine's clock.
    pub clock: Option<Arc<dyn crosswalk_workspace::Clock>>,
}

impl Options {
    /// The workspace in `folder`, everything else as it comes.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            vault: None,
            passphrase: None,
            worker: None,
            clock: None,
        }
    }

    /// The workspace's folder where none was named: the platform's data folder.
    ///
    /// # Errors
    /// `no_home` where the user has no home.
    pub fn default_folder() -> Result<PathBuf, Fault> {
        directories::ProjectDirs::from("app", "crosswalk", "crosswalk")
            .map(|dirs| dirs.data_dir().join("workspace"))
            .ok_or_else(|| {
                Fault::invalid(
                    "no_home",
                    "This user has no home folder to keep a workspace in.",
                    "Name a folder: --workspace DIR or XWALK_WORKSPACE.",
                )
            })
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("folder", &self.folder)
            .field("vault", &self.vault)
            .field("worker", &self.worker)
            .finish_non_exhaustive()
    }
}
