//! The console: an open workspace and what its use cases share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use crosswalk_client::{Budgets, Transport};
use crosswalk_connector::{Catalogue, Definition, Digest, Loaded};
use crosswalk_mapping::{Pool, WorkerCommand};
use crosswalk_vault::{KeyringVault, PassphraseVault, VAULT_FILE_NAME, Vault, VaultKind};
use crosswalk_workspace::{OpenOptions, Workspace, tenant};
use tokio::sync::OnceCell;

use crate::demo::sandbox;
use crate::tables::cache::TableCache;
use crate::views::WorkspaceInfo;
use crate::{Fault, FaultClass, Options};

/// An open workspace and everything a user can do with it. Cheap to clone; clones share rate budgets, tokens
/// in flight and mapping workers.
#[derive(Clone)]
pub struct Console {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) workspace: Workspace,
    pub(crate) options: Options,
    pub(crate) budgets: Budgets,
    pub(crate) transport: OnceCell<Transport>,
    pub(crate) sign_ins: crate::authorize::SignIns,
    vault: OnceCell<Arc<dyn Vault>>,
    /// Whether what a process that died had begun was looked for.
    carried_on: AtomicBool,
    pub(crate) open_records: crate::raw::open_record::OpenRecords,
    pub(crate) outcomes: crate::mapping::outcomes::Outcomes,
    pub(crate) projections: crate::projection::Projections,
    pub(crate) live_syncs: crate::sync::live::LiveSyncs,
    loaded: RwLock<Option<Arc<Loaded>>>,
    pool: OnceLock<Pool>,
    pub(crate) demo: tokio::sync::Mutex<sandbox::Running>,
    pub(crate) tables: TableCache,
    pub(crate) background: crate::background::Background,
    /// Whose turn it is to note what runs showed.
    pub(crate) drift: tokio::sync::Mutex<()>,
    /// Customers that were removed without accounts, to be brought back while this console is open.
    removed_tenants: Mutex<BTreeMap<String, tenant::Tenant>>,
}

impl Shared {
    pub(crate) fn removed_tenants(&self) -> MutexGuard<'_, BTreeMap<String, tenant::Tenant>> {
        self.removed_tenants
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Console {
    /// Opens the workspace, creating it on first use. The vault stays shut until something needs it. Blocks.
    ///
    /// # Errors
    /// Why the workspace cannot be opened: `workspace_newer`, `workspace_corrupt`, `vault_mismatch`…
    pub fn open(options: Options) -> Result<Self, Fault> {
        let mut opening = OpenOptions::new(env!("CARGO_PKG_VERSION"));
        if let Some(clock) = &options.clock {
            opening.clock = Arc::clone(clock);
        }
        let workspace = Workspace::open(&options.folder, &opening).map_err(|error| Fault {
            // Whatever the reason: it cannot be opened.
            class: FaultClass::Locked,
            ..Fault::from(error)
        })?;
        // Beside the locks, since it means as little when nobody is there: rebuilt if lost, and in no backup.
        let budgets = Budgets::beside(workspace.folder().leases());
        Ok(Self {
            shared: Arc::new(Shared {
                workspace,
                options,
                budgets,
                transport: OnceCell::new(),
                sign_ins: crate::authorize::SignIns::default(),
                vault: OnceCell::new(),
                carried_on: AtomicBool::new(false),
                loaded: RwLock::default(),
                demo: tokio::sync::Mutex::default(),
                pool: OnceLock::new(),
                open_records: crate::raw::open_record::OpenRecords::default(),
                outcomes: crate::mapping::outcomes::Outcomes::default(),
                projections: crate::projection::Projections::default(),
                live_syncs: crate::sync::live::LiveSyncs::default(),
                tables: TableCache::default(),
                background: crate::background::Background::default(),
                drift: tokio::sync::Mutex::default(),
                removed_tenants: Mutex::default(),
            }),
        })
    }

    /// Whether this opening created the workspace.
    pub fn is_new(&self) -> bool {
        self.workspace().was_created()
    }

    /// Which workspace is open.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn workspace_info(&self) -> Result<WorkspaceInfo, Fault> {
        let empty = self
            .workspace()
            .read(|tx| Ok(tenant::list(tx)?.is_empty()))
            .await?;
        Ok(WorkspaceInfo {
            folder: self.folder(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vault: self
                .workspace()
                .vault_kind()
                .await?
                .map(|kind| kind.to_string()),
            empty,
        })
    }

    /// The workspace's folder.
    pub fn folder(&self) -> String {
        self.workspace().folder().path().display().to_string()
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.shared.workspace
    }

    /// The connectors at hand: the built-in ones and the workspace's own.
    pub(crate) fn loaded(&self) -> Arc<Loaded> {
        let held = self.shared.loaded.read();
        if let Some(loaded) = held.unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Arc::clone(loaded);
        }
        self.load_connectors()
    }

    fn load_connectors(&self) -> Arc<Loaded> {
        let approved: BTreeSet<Digest> = self.approved_connectors();
        let loaded = Arc::new(Catalogue::load(&self.connectors_folder(), &approved));
        let held = self.shared.loaded.write();
        *held.unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&loaded));
        loaded
    }

    /// Reads the workspace's connectors again: a file of them changed. A run keeps the definition it began with.
    pub fn reload_connectors(&self) {
        self.load_connectors();
    }

    /// Where the workspace's own connectors are.
    pub fn connectors_folder(&self) -> PathBuf {
        self.workspace().folder().connectors()
    }

    /// The definition of a connector.
    ///
    /// # Errors
    /// `not_found`, naming the ones there are.
    pub(crate) fn definition(&self, name: &str) -> Result<Arc<Definition>, Fault> {
        let loaded = self.loaded();
        let catalogue = &loaded.catalogue;
        catalogue.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = catalogue
                .iter()
                .map(|one| one.connector.name.as_str())
                .collect();
            let broken = loaded
                .problems
                .iter()
                .any(|problem| problem.file.starts_with(&format!("{name}/")));
            let hint = if broken {
                format!(
                    "Its definition has errors: xwalk connector check {}.",
                    self.workspace().folder().connectors().join(name).display()
                )
            } else {
                format!("There are: {}.", known.join(", "))
            };
            Fault::invalid("not_found", format!("There is no connector {name}."), hint)
        })
    }

    /// The pool of mapping workers; processes start when the first record is evaluated.
    ///
    /// # Errors
    /// `worker_missing` where no worker program can be found.
    pub(crate) fn pool(&self) -> Result<&Pool, Fault> {
        if let Some(pool) = self.shared.pool.get() {
            return Ok(pool);
        }
        let command = match &self.shared.options.worker {
            Some(command) => command.clone(),
            None => beside_this_program()?,
        };
        let size = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        Ok(self.shared.pool.get_or_init(|| Pool::new(command, size)))
    }

    /// The workspace's vault, opened at the first need.
    ///
    /// # Errors
    /// `vault_mismatch`, `vault_locked`, `vault_unavailable`, `vault_wrong_passphrase`…
    pub(crate) async fn vault(&self) -> Result<Arc<dyn Vault>, Fault> {
        let vault = self
            .shared
            .vault
            .get_or_try_init(|| self.open_vault())
            .await?;
        if !self.shared.carried_on.swap(true, Ordering::Relaxed) {
            // Once, now that it can be done. What fails is logged, and tried again by the house-keeping of the day.
            self.carry_on().await;
        }
        Ok(Arc::clone(vault))
    }

    async fn open_vault(&self) -> Result<Arc<dyn Vault>, Fault> {
        let recorded = self.workspace().vault_kind().await?;
        let kind = self
            .shared
            .options
            .vault
            .or(recorded)
            .unwrap_or(VaultKind::Keyring);
        if recorded.is_some_and(|recorded| recorded != kind) {
            self.workspace().use_vault(kind).await?;
        }
        let vault: Arc<dyn Vault> = match kind {
            VaultKind::Keyring => {
                let opened = blocking(|| {
                    KeyringVault::open().and_then(|vault| vault.probe().map(|()| vault))
                })
                .await?;
                Arc::new(opened?)
            }
            VaultKind::Passphrase => {
                let path = self.workspace().folder().path().join(VAULT_FILE_NAME);
                // A file that is gone is not made anew: the keys in it are what opens the records.
                let create = recorded.is_none() && !path.exists();
                let source = self.shared.options.passphrase.clone().ok_or_else(|| {
                    Fault::locked(
                        "vault_locked",
                        "The vault is sealed under a passphrase.",
                        "Set XWALK_PASSPHRASE or use --passphrase-fd N.",
                    )
                })?;
                let opened = blocking(move || -> Result<PassphraseVault, Fault> {
                    let passphrase = source(create)?;
                    let vault = if create {
                        PassphraseVault::create(
                            path,
                            &passphrase,
                            crosswalk_vault::KeyStretching::default(),
                        )?
                    } else {
                        PassphraseVault::open(path, &passphrase)?
                    };
                    Ok(vault)
                })
                .await?;
                Arc::new(opened?)
            }
        };
        self.workspace().use_vault(kind).await?;
        Ok(vault)
    }
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

/// Runs what may block (a keyring that asks its user, key stretching) off the asynchronous threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Fault::failed(
            "interrupted",
            format!("A task ended early: {error}."),
            "Try again; please report it if it happens twice.",
        )
    })
}

fn beside_this_program() -> Result<WorkerCommand, Fault> {
    let missing = |why: String| {
        Fault::failed(
            "worker_missing",
            why,
            "Install Crosswalk again, or build it whole: cargo build --workspace.",
        )
    };
    let own = std::env::current_exe()
        .map_err(|error| missing(format!("This program's own path is unknown: {error}.")))?;
    let path = own.with_file_name(format!("crosswalk-worker{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() {
        Ok(WorkerCommand::new(path, Vec::<String>::new()))
    } else {
        Err(missing(format!(
            "The mapping worker {} is missing.",
            path.display()
        )))
    }
}
