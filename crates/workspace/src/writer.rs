//! The one thread of this process that writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::connection;
use crate::error::{Error, Result};
use crate::migration::Formats;
use crate::origin::Origin;
use crate::record::Memory;
use crate::tx::WriteTx;

/// How many queued writes share one commit. A commit waits for the disk (0.1 to 10 ms); 64 pages of 50 records are
/// written in about that time, and more would only make the first of them wait.
const GROUP: usize = 64;
/// How long the writer goes on before it stands back for [`STAND_BACK`], so that another process gets its turn: the
/// lock is otherwise free for microseconds between two commits.
const TURN: Duration = Duration::from_millis(100);
const STAND_BACK: Duration = Duration::from_millis(3);
/// How long emptying the log waits for those who read: meanwhile nobody can write, in other processes either.
const LOG_WAIT: Duration = Duration::from_millis(50);
/// After how long it is tried again where somebody still read.
const LOG_AGAIN: Duration = Duration::from_secs(2);

trait Write: Send {
    /// Carries out the write. An error has it rolled back.
    fn run(&mut self, tx: &WriteTx<'_>) -> Result<(), Failed>;
    /// Answers, once it is stored or known to be lost.
    fn answer(self: Box<Self>, stored: Result<()>);
}

/// A write that failed kept its error for its answer; this is the same for those that shared the transaction.
struct Failed(Error);

struct Pending<F, T> {
    work: Option<F>,
    result: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<F, T> Write for Pending<F, T>
where
    F: FnOnce(&WriteTx<'_>) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, tx: &WriteTx<'_>) -> Result<(), Failed> {
        let Some(work) = self.work.take() else {
            return Err(Failed(Error::Abandoned));
        };
        let result = catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or(Err(Error::Abandoned));
        let ran = result
            .as_ref()
            .map(|_| ())
            .map_err(|error| Failed(error.shared()));
        self.result = Some(result);
        ran
    }

    fn answer(self: Box<Self>, stored: Result<()>) {
        let result = match (self.result, stored) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(Error::Abandoned),
        };
        // Nobody may be waiting any more: the write stands all the same.
        drop(self.answer.send(result));
    }
}

enum Task {
    Write(Box<dyn Write>),
    /// Empties the log, and says whether it is empty.
    EmptyLog(oneshot::Sender<Result<bool>>),
}

#[derive(Debug)]
pub(crate) struct Writer {
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<()>>,
    log_due: Arc<AtomicBool>,
}

impl Writer {
    pub(crate) fn start(
        conn: Connection,
        formats: Formats,
        clock: Arc<dyn Clock>,
        origin: Arc<Origin>,
        memory: Arc<Memory>,
    ) -> Result<Self> {
        let (tasks, queue) = channel();
        let log_due = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&log_due);
        let thread = std::thread::Builder::new()
            .name("workspace-writer".into())
            .spawn(move || {
                let mut desk = Desk {
                    conn,
                    formats,
                    clock,
                    origin,
                    memory,
                    log_due: told,
                    log_tried: None,
                };
                desk.work(&queue);
            })
            .map_err(Error::file("workspace-writer"))?;
        Ok(Self {
            tasks: Some(tasks),
            thread: Some(thread),
            log_due,
        })
    }

    /// Queues a write. The answer comes after its commit.
    pub(crate) fn write<F, T>(&self, work: F) -> oneshot::Receiver<Result<T>>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.queue(Task::Write(Box::new(Pending {
            work: Some(work),
            result: None,
            answer,
        })));
        answered
    }

    /// Empties the log once what is queued is written. False where somebody still reads of it: then it is tried again.
    pub(crate) fn empty_log(&self) -> oneshot::Receiver<Result<bool>> {
        let (answer, answered) = oneshot::channel();
        self.queue(Task::EmptyLog(answer));
        answered
    }

    /// Whether the log was to be emptied and is not empty yet.
    pub(crate) fn log_is_due(&self) -> bool {
        self.log_due.load(Ordering::Relaxed)
    }

    fn queue(&self, task: Task) {
        // A task that cannot be queued is dropped, and its answer with it: the caller sees `Abandoned`.
        if let Some(tasks) = &self.tasks {
            drop(tasks.send(task));
        }
    }
}

impl Drop for Writer {
    /// What is queued is still written.
    fn drop(&mut self) {
        self.tasks = None;
        let Some(thread) = self.thread.take() else {
            return;
        };
        // The last handle may be dropped by a closure on the writer itself.
        if thread.thread().id() != std::thread::current().id() {
            drop(thread.join());
        }
    }
}

/// What the writing thread has before it.
struct Desk {
    conn: Connection,
    formats: Formats,
    clock: Arc<dyn Clock>,
    origin: Arc<Origin>,
    memory: Arc<Memory>,
    log_due: Arc<AtomicBool>,
    /// When the log was last tried to be emptied; none where that is not due.
    log_tried: Option<Instant>,
}

impl Desk {
    fn work(&mut self, queue: &Receiver<Task>) {
        let mut turn = Instant::now();
        let mut next = queue.recv().ok();
        while let Some(task) = next.take() {
            match task {
                Task::EmptyLog(answer) => drop(answer.send(self.empty_log())),
                Task::Write(first) => next = self.group(first, queue),
            }
            if next.is_none() {
                next = if let Ok(task) = queue.try_recv() {
                    Some(task)
                } else {
                    let task = self.wait(queue);
                    turn = Instant::now();
                    task
                };
            }
            if self
                .log_tried
                .is_some_and(|tried| tried.elapsed() > LOG_AGAIN)
            {
                drop(self.empty_log());
            }
            if turn.elapsed() > TURN {
                std::thread::sleep(STAND_BACK);
                turn = Instant::now();
            }
        }
        if self.log_tried.is_some() {
            drop(self.empty_log());
        }
    }

    /// The next task; none when there will be no other. Empties the log meanwhile, where that is due.
    fn wait(&mut self, queue: &Receiver<Task>) -> Option<Task> {
        while self.log_tried.is_some() {
            match queue.recv_timeout(LOG_AGAIN) {
                Ok(task) => return Some(task),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => drop(self.empty_log()),
            }
        }
        connection::next_or_rest(&self.conn, queue)
    }

    /// Writes the log's pages back and empties it, and says whether it is empty.
    fn empty_log(&mut self) -> Result<bool> {
        connection::be_patient(&mut self.conn, LOG_WAIT)?;
        // The first column is 1 where a read that began before holds it up. That is no error to SQLite.
        let busy: rusqlite::Result<i64> =
            self.conn
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        connection::be_patient(&mut self.conn, connection::PATIENCE)?;
        let emptied = matches!(busy, Ok(0));
        self.log_tried = (!emptied).then(Instant::now);
        self.log_due.store(!emptied, Ordering::Relaxed);
        busy?;
        Ok(emptied)
    }

    /// Carries out `first` and what is queued behind it, in one commit. Gives back a task that does not belong to it.
    fn group(&self, first: Box<dyn Write>, queue: &Receiver<Task>) -> Option<Task> {
        if let Err(error) = self.begin() {
            first.answer(Err(error));
            return None;
        }
        let mut ran = Vec::new();
        let mut next = Some(first);
        let mut left = None;
        let mut lost = None;
        while let Some(mut write) = next.take() {
            let outcome = savepoint(&self.conn, |conn| {
                let tx = WriteTx::new(conn, self.clock.now(), &self.origin);
                write.run(&tx.with_memory(&self.memory))
            });
            ran.push(write);
            if let Err(error) = outcome {
                lost = Some(error);
                break;
            }
            if ran.len() < GROUP {
                match queue.try_recv() {
                    Ok(Task::Write(write)) => next = Some(write),
                    Ok(task) => left = Some(task),
                    Err(_) => {}
                }
            }
        }
        let stored = match lost {
            Some(error) => Err(error),
            None => self.conn.execute_batch("COMMIT").map_err(Error::from),
        };
        if stored.is_err() && !self.conn.is_autocommit() {
            drop(self.conn.execute_batch("ROLLBACK"));
        }
        for write in ran {
            write.answer(stored.as_ref().map_err(Error::shared).copied());
        }
        left
    }

    fn begin(&self) -> Result<()> {
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        // Another process may have brought the workspace to a later format since it was opened here.
        let checked = self.formats.assert_current(&self.conn);
        if checked.is_err() {
            drop(self.conn.execute_batch("ROLLBACK"));
        }
        checked
    }
}

/// Runs one write so that its failure takes nothing else with it. An error says that the whole transaction is lost.
fn savepoint(conn: &Connection, run: impl FnOnce(&Connection) -> Result<(), Failed>) -> Result<()> {
    conn.prepare_cached("SAVEPOINT one_write")?.execute([])?;
    let ran = run(conn);
    if conn.is_autocommit() {
        // SQLite rolls everything back by itself on a full disk and on I/O errors.
        return Err(ran.err().map_or(Error::Abandoned, |Failed(error)| error));
    }
    if ran.is_err() {
        conn.prepare_cached("ROLLBACK TO one_write")?.execute([])?;
    }
    conn.prepare_cached("RELEASE one_write")?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]

    use std::path::Path;
    use std::sync::Barrier;

    use super::*;
    use crate::clock::SystemClock;
    use crate::{connection, migration};

    /// A writer over a one-column table beside the workspace's own.
    fn writer(folder: &Path, max_pages: Option<u32>) -> Writer {
        let mut conn = connection::writing(&folder.join("workspace.db"), true).unwrap();
        migration::KNOWN.migrate(&mut conn, |_, _| Ok(())).unwrap();
        conn.execute_batch("CREATE TABLE IF NOT EXISTS note (text TEXT NOT NULL)")
            .unwrap();
        if let Some(pages) = max_pages {
            conn.pragma_update(None, "max_page_count", pages).unwrap();
        }
        let origin = Origin {
            actor: "a".into(),
            machine: "m".into(),
            app_version: "0".into(),
        };
        Writer::start(
            conn,
            migration::KNOWN,
            Arc::new(SystemClock),
            Arc::new(origin),
            Arc::default(),
        )
        .unwrap()
    }

    fn note(text: impl Into<String>) -> impl FnOnce(&WriteTx<'_>) -> Result<()> + Send + 'static {
        let text = text.into();
        move |tx| {
            tx.execute("INSERT INTO note VALUES (?1)", [text])
                .map(|_| ())
        }
    }

    fn notes(folder: &Path) -> Vec<String> {
        let conn = connection::reading(&folder.join("workspace.db")).unwrap();
        let mut statement = conn
            .prepare("SELECT substr(text, 1, 8) FROM note ORDER BY rowid")
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    /// Holds the writer until all of `queue` waits behind one write, so that they share its commit.
    fn together<T>(writer: &Writer, queue: impl FnOnce(&Writer) -> T) -> T {
        let gate = Arc::new(Barrier::new(2));
        let held = Arc::clone(&gate);
        let first = writer.write(move |_| {
            held.wait();
            Ok(())
        });
        let queued = queue(writer);
        gate.wait();
        drop(first);
        queued
    }

    #[test]
    fn a_write_that_fails_takes_no_other_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path(), None);
        let answers = together(&writer, |writer| {
            let failing = |tx: &WriteTx<'_>| {
                note("lost")(tx)?;
                Err::<(), _>(Error::InUse)
            };
            #[allow(
                clippy::items_after_statements,
                reason = "the write that panics, beside the others"
            )]
            fn panicking(tx: &WriteTx<'_>) -> Result<()> {
                note("lost too")(tx)?;
                panic!("a fault of the closure")
            }
            [
                writer.write(note("one")),
                writer.write(failing),
                writer.write(panicking),
                writer.write(note("two")),
            ]
        });
        let answers = answers.map(|answer| {
            answer
                .blocking_recv()
                .unwrap()
                .map_err(|error| error.code())
        });
        assert_eq!(
            answers,
            [
                Ok(()),
                Err("workspace_in_use"),
                Err("write_abandoned"),
                Ok(())
            ]
        );
        assert_eq!(notes(folder.path()), ["one", "two"]);
    }

    #[test]
    fn a_full_disk_keeps_what_was_stored_and_writing_goes_on_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path(), Some(120));
        writer
            .write(note("before"))
            .blocking_recv()
            .unwrap()
            .unwrap();
        let answer = writer
            .write(note("x".repeat(1_000_000)))
            .blocking_recv()
            .unwrap();
        assert_eq!(answer.unwrap_err().code(), "disk_full");
        writer
            .write(note("after"))
            .blocking_recv()
            .unwrap()
            .unwrap();
        assert_eq!(notes(folder.path()), ["before", "after"]);
    }

    #[test]
    fn nobody_is_told_stored_when_the_shared_commit_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path(), None);
        let answers = together(&writer, |writer| {
            // As SQLite does by itself on some I/O errors.
            let lose = |tx: &WriteTx<'_>| {
                tx.conn().execute_batch("ROLLBACK")?;
                Err::<(), _>(Error::DiskFull)
            };
            [writer.write(note("one")), writer.write(lose)]
        });
        let answers = answers.map(|answer| {
            answer
                .blocking_recv()
                .unwrap()
                .map_err(|error| error.code())
        });
        assert_eq!(answers, [Err("disk_full"), Err("disk_full")]);
        assert!(notes(folder.path()).is_empty());
    }

    #[test]
    fn what_is_queued_is_written_before_the_writer_goes() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path(), None);
        for number in 0..200 {
            drop(writer.write(note(number.to_string())));
        }
        drop(writer);
        assert_eq!(notes(folder.path()).len(), 200);
    }

    #[test]
    fn a_workspace_that_was_migrated_meanwhile_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path(), None);
        let other = connection::writing(&folder.path().join("workspace.db"), false).unwrap();
        other.pragma_update(None, "user_version", 99).unwrap();
        let answer = writer.write(note("late")).blocking_recv().unwrap();
        assert_eq!(answer.unwrap_err().code(), "workspace_newer");
        assert!(notes(folder.path()).is_empty());
    }
}
