use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crosswalk_vault::VaultKind;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::audit;
use crate::backup::{self, Reason};
use crate::clock::{Clock, SystemClock};
use crate::column::Micros;
use crate::connection;
use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::id::{AccountId, WorkspaceId};
use crate::migration::{self, Format, Formats, Step};
use crate::origin::Origin;
use crate::presence::Presence;
use crate::record::{self, Memory};
use crate::tx::{ReadTx, WriteTx};
use crate::writer::Writer;

/// Idle reading connections that are kept. More are opened when more read at once.
const IDLE_READERS: usize = 4;

/// Bodies that one write removes: some 10 ms, in which nobody else writes.
const PURGED_AT_ONCE: u32 = 1_000;

/// How to open a workspace.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Make one where there is none.
    pub create: bool,
    /// Who writes, for the audit.
    pub origin: Origin,
    /// Where the time of every row comes from.
    pub clock: Arc<dyn Clock>,
}

impl OpenOptions {
    /// As this user, on the machine's clock, creating the workspace if there is none.
    pub fn new(app_version: impl Into<String>) -> Self {
        Self {
            create: true,
            origin: Origin::of_this_process(app_version),
            clock: Arc::new(SystemClock),
        }
    }
}

/// An open workspace. Clones share it; the last one to go closes it, after what is queued is written.
#[derive(Debug, Clone)]
pub struct Workspace {
    open: Arc<Open>,
}

/// Fields drop in this order: the writer first, so that its connection is the last but the readers' to close.
#[derive(Debug)]
struct Open {
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    folder: Folder,
    database: PathBuf,
    id: WorkspaceId,
    formats: Formats,
    clock: Arc<dyn Clock>,
    origin: Arc<Origin>,
    memory: Arc<Memory>,
    created: bool,
    _presence: Presence,
}

impl Workspace {
    /// Opens the workspace in `folder`, creates it if that is asked, and brings an older one to the current format
    /// after a verified backup. Blocks.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Newer`] (nothing is touched), [`Error::Corrupt`], [`Error::NotAWorkspace`],
    /// [`Error::InUse`] while another process is there and a migration is due, [`Error::DiskFull`].
    pub fn open(folder: impl Into<PathBuf>, options: &OpenOptions) -> Result<Self> {
        Self::open_as(folder, options, migration::KNOWN)
    }

    fn open_as(
        folder: impl Into<PathBuf>,
        options: &OpenOptions,
        formats: Formats,
    ) -> Result<Self> {
        connection::assert_sqlite()?;
        let folder = Folder::new(folder);
        let database = folder.database();
        if formats.look(&database)? == Format::None && !options.create {
            return Err(Error::Missing(folder.path().to_owned()));
        }
        folder.create()?;
        let mut created = false;
        let presence = loop {
            let presence = Presence::shared(&folder)?;
            match formats.look(&database)? {
                Format::Current => break presence,
                Format::None if !options.create => {
                    return Err(Error::Missing(folder.path().to_owned()));
                }
                Format::None | Format::Older(_) => drop(presence),
            }
            let alone = Presence::alone(&folder)?;
            created |= prepare(&folder, options, formats)?;
            drop(alone);
        };
        let conn = connection::writing(&database, false)?;
        let id = conn.query_row("SELECT uuid FROM workspace", [], |row| row.get(0))?;
        let origin = Arc::new(options.origin.clone());
        let memory = Arc::new(Memory::default());
        let writer = Writer::start(
            conn,
            formats,
            Arc::clone(&options.clock),
            Arc::clone(&origin),
            Arc::clone(&memory),
        )?;
        let open = Open {
            writer,
            readers: Mutex::default(),
            folder,
            database,
            id,
            formats,
            clock: Arc::clone(&options.clock),
            origin,
            memory,
            created,
            _presence: presence,
        };
        Ok(Self {
            open: Arc::new(open),
        })
    }

    /// Whether this opening created the workspace.
    pub fn was_created(&self) -> bool {
        self.open.created
    }

    /// The workspace's own id, part of the name of each of its vault entries.
    pub fn id(&self) -> WorkspaceId {
        self.open.id
    }

    /// Where its files are.
    pub fn folder(&self) -> &Folder {
        &self.open.folder
    }

    /// The clock its rows are dated by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.open.clock
    }

    /// Who writes here.
    pub fn origin(&self) -> &Origin {
        &self.open.origin
    }

    /// Writes. The work is queued at once, whether or not the future is polled, and carried out on the writing thread;
    /// the answer comes after the commit. What fails leaves nothing behind, and takes no other write with it.
    pub fn write<F, T>(&self, work: F) -> impl Future<Output = Result<T>> + Send + use<F, T>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let answer = self.open.writer.write(work);
        async { answer.await.unwrap_or(Err(Error::Abandoned)) }
    }

    /// [`Self::write`] for a thread that may wait. Not from asynchronous code, where it panics.
    pub fn write_blocking<F, T>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.open
            .writer
            .write(work)
            .blocking_recv()
            .unwrap_or(Err(Error::Abandoned))
    }

    /// Reads, on a thread that may block. Everything `work` sees is of one instant. Needs a Tokio runtime.
    pub fn read<F, T>(&self, work: F) -> impl Future<Output = Result<T>> + Send + use<F, T>
    where
        F: FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let workspace = self.clone();
        async move {
            let read = tokio::task::spawn_blocking(move || workspace.read_blocking(work));
            read.await.unwrap_or(Err(Error::Abandoned))
        }
    }

    /// [`Self::read`] on this thread.
    pub fn read_blocking<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        let idle = self.readers().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => connection::reading(&self.open.database)?,
        };
        let result = snapshot(&conn, &self.open, work);
        let mut readers = self.readers();
        if conn.is_autocommit() && readers.len() < IDLE_READERS {
            readers.push(conn);
        }
        result
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.open
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The kind of vault the workspace keeps its secrets in; none before the first account.
    pub async fn vault_kind(&self) -> Result<Option<VaultKind>> {
        self.read(recorded_vault).await
    }

    /// Records the kind of vault the first time, and from then on refuses any other.
    ///
    /// # Errors
    /// [`Error::VaultMismatch`].
    pub async fn use_vault(&self, given: VaultKind) -> Result<()> {
        let known = self
            .read(move |tx| agree(recorded_vault(tx)?, given))
            .await?;
        if known {
            return Ok(());
        }
        self.write(move |tx| {
            if !agree(recorded_vault(tx)?, given)? {
                tx.execute("UPDATE workspace SET vault_kind = ?1", [given.as_str()])?;
                audit::change(
                    tx,
                    "workspace:vault_chosen",
                    None,
                    &json!({ "vault": given.as_str() }),
                )?;
            }
            Ok(())
        })
        .await
    }

    /// Takes a verified backup now, and says what it is called.
    pub async fn back_up(&self, reason: Reason) -> Result<backup::Backup> {
        let folder = self.open.folder.clone();
        let clock = Arc::clone(&self.open.clock);
        let database = self.open.database.clone();
        let formats = self.open.formats;
        let taken = tokio::task::spawn_blocking(move || {
            let conn = connection::reading(&database)?;
            backup::take(&conn, &folder, formats, reason, clock.now())
        })
        .await
        .unwrap_or(Err(Error::Abandoned))?;
        let detail = json!({ "backup": taken.name, "reason": reason });
        self.write(move |tx| audit::change(tx, "backup:created", None, &detail))
            .await?;
        Ok(taken)
    }

    /// Removes the bodies that are older than the account's retention, from the database and from its log, and says
    /// how many. Other writes come in between. The log is emptied later where somebody reads of it, see
    /// [`Self::log_is_due`].
    pub async fn purge(&self, account: AccountId) -> Result<u64> {
        let mut purged = 0;
        loop {
            let batch = self
                .write(move |tx| record::purge(tx, account, PURGED_AT_ONCE))
                .await?;
            purged += batch;
            if batch < u64::from(PURGED_AT_ONCE) {
                break;
            }
        }
        let others = self
            .write(move |tx| {
                Ok(record::purge_answers(tx, account)? + record::purge_examples(tx, account)?)
            })
            .await?;
        if purged > 0 || others > 0 {
            self.empty_log().await?;
        }
        Ok(purged)
    }

    /// Writes the log's pages back and empties it, so that what was deleted is not left in it. False where a read that
    /// began before holds that up: then it is tried again every other second and when the workspace is closed, see
    /// [`Self::log_is_due`].
    pub async fn empty_log(&self) -> Result<bool> {
        let answer = self.open.writer.empty_log();
        answer.await.unwrap_or(Err(Error::Abandoned))
    }

    /// Whether what was deleted is still in the log, since somebody reads of it.
    pub fn log_is_due(&self) -> bool {
        self.open.writer.log_is_due()
    }
}

/// Creates or migrates. Says whether it created.
fn prepare(folder: &Folder, options: &OpenOptions, formats: Formats) -> Result<bool> {
    let database = folder.database();
    let found = formats.look(&database)?;
    let mut conn = match found {
        Format::Current => return Ok(false),
        Format::None => {
            folder::closed_file(&database)?;
            connection::writing(&database, true)?
        }
        Format::Older(_) => {
            let conn = connection::writing(&database, false)?;
            backup::take(
                &conn,
                folder,
                formats,
                Reason::Migration,
                options.clock.now(),
            )?;
            conn
        }
    };
    folder::close_file(&database)?;
    let now = options.clock.now();
    formats.migrate(&mut conn, |conn, step| {
        let tx = WriteTx::new(conn, now, &options.origin);
        match step {
            Step::Created(format) => {
                let params = params![WorkspaceId::new(), Micros(now)];
                tx.execute(
                    "INSERT INTO workspace (only_row, uuid, created_at) VALUES (1, ?1, ?2)",
                    params,
                )?;
                audit::change(&tx, "workspace:created", None, &json!({ "format": format }))
            }
            Step::Migrated(format) => audit::change(
                &tx,
                "workspace:migrated",
                None,
                &json!({ "format": format }),
            ),
        }
    })?;
    Ok(found == Format::None)
}

fn snapshot<T>(
    conn: &Connection,
    open: &Open,
    work: impl FnOnce(&ReadTx<'_>) -> Result<T>,
) -> Result<T> {
    conn.execute_batch("BEGIN")?;
    let result = open
        .formats
        .assert_current(conn)
        .and_then(|()| work(&ReadTx::with_memory(conn, &open.memory)));
    conn.execute_batch("ROLLBACK")?;
    result
}

fn recorded_vault(tx: &ReadTx<'_>) -> Result<Option<VaultKind>> {
    let word: Option<String> = tx
        .row("SELECT vault_kind FROM workspace", [], |row| row.get(0))?
        .flatten();
    word.map(|word| {
        word.parse()
            .map_err(|_| Error::Corrupt(format!("{word} is no kind of vault")))
    })
    .transpose()
}

/// Whether the kind is recorded already.
fn agree(recorded: Option<VaultKind>, given: VaultKind) -> Result<bool> {
    match recorded {
        Some(recorded) if recorded == given => Ok(true),
        Some(recorded) => Err(Error::VaultMismatch { recorded, given }),
        None => Ok(false),
    }
}

#[cfg(test)]
mod crashes;

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]

    use super::*;
    use crate::{integrity, tenant};

    fn options() -> OpenOptions {
        OpenOptions::new("1.0.0")
    }

    /// A workspace of the current format with one tenant, closed again.
    fn made(folder: &std::path::Path) {
        let workspace = Workspace::open(folder, &options()).unwrap();
        workspace
            .write_blocking(|tx| tenant::add(tx, "acme", "Acme", None))
            .unwrap();
    }

    #[test]
    fn an_older_workspace_is_backed_up_and_then_brought_to_the_current_format() {
        let later = migration::KNOWN.and_then("ALTER TABLE tenant ADD COLUMN colour TEXT");
        let folder = tempfile::tempdir().unwrap();
        made(folder.path());
        let workspace = Workspace::open_as(folder.path(), &options(), later).unwrap();
        assert!(!workspace.was_created());
        let kinds = workspace
            .read_blocking(|tx| {
                assert_eq!(tenant::list(tx)?.len(), 1);
                tx.rows("SELECT kind FROM audit ORDER BY seq", [], |row| {
                    row.get::<_, String>(0)
                })
            })
            .unwrap();
        assert_eq!(
            kinds,
            ["workspace:created", "tenant:added", "workspace:migrated"]
        );
        let backups = backup::list(workspace.folder()).unwrap();
        assert_eq!(
            backups
                .iter()
                .map(|backup| backup.reason)
                .collect::<Vec<_>>(),
            [Reason::Migration]
        );
        drop(workspace);

        // The version from before refuses it now, and the backup is still of the format before.
        assert_eq!(
            Workspace::open(folder.path(), &options())
                .unwrap_err()
                .code(),
            "workspace_newer"
        );
        backup::restore(&Folder::new(folder.path()), &backups[0].name, &options()).unwrap();
        let workspace = Workspace::open(folder.path(), &options()).unwrap();
        assert!(workspace.read_blocking(integrity::check).unwrap().ok());
    }

    #[test]
    fn a_migration_that_fails_leaves_the_workspace_as_it_was() {
        let broken = migration::KNOWN
            .and_then("CREATE TABLE half (a); INSERT INTO no_such_table VALUES (1)");
        let folder = tempfile::tempdir().unwrap();
        made(folder.path());
        assert_eq!(
            Workspace::open_as(folder.path(), &options(), broken)
                .unwrap_err()
                .code(),
            "workspace_database"
        );
        let workspace = Workspace::open(folder.path(), &options()).unwrap();
        let halves = "SELECT count(*) FROM sqlite_schema WHERE name = 'half'";
        assert_eq!(
            workspace
                .read_blocking(|tx| tx.row(halves, [], |row| row.get(0)))
                .unwrap(),
            Some(0)
        );
    }

    #[test]
    fn a_migration_waits_for_nobody_who_has_the_workspace_open() {
        let later = migration::KNOWN.and_then("ALTER TABLE tenant ADD COLUMN colour TEXT");
        let folder = tempfile::tempdir().unwrap();
        made(folder.path());
        let open = Workspace::open(folder.path(), &options()).unwrap();
        let alone = Presence::alone_at_once(open.folder());
        assert_eq!(alone.unwrap_err().code(), "workspace_in_use");
        drop(open);
        assert!(Workspace::open_as(folder.path(), &options(), later).is_ok());
    }
}
