use std::time::Duration;

/// What all fields of one record may take together, kept inside the worker.
pub const TIME_PER_RECORD: Duration = Duration::from_secs(1);

/// After this the parent ends a worker that has not answered for a record.
pub const TIME_BEFORE_KILL: Duration = Duration::from_millis(1500);

/// What a worker may hold at once, in bytes.
pub const MEMORY_PER_WORKER: usize = 256 * 1024 * 1024;

/// What the fields after one that used up the record's time get together.
pub(crate) const TIME_AFTER_LATE_FIELD: Duration = Duration::from_millis(200);

/// How long a field may go on after its time is up before its worker says that it cannot be interrupted.
pub(crate) const TIME_UNTIL_STUCK: Duration = Duration::from_millis(150);

/// What one line of `xwalk jsonata --batch` may work: time on a processor, so that a busy machine ends nothing that
/// would have been done. The hardest lines of the official suite take 0.6 s.
pub(crate) const WORK_PER_LINE: Duration = Duration::from_millis(1200);

/// What one line may take by the clock, however little of it the machine lets it work.
pub(crate) const TIME_PER_LINE: Duration = Duration::from_secs(10);

/// What a worker may hold that answers lines of `xwalk jsonata --batch`. The official suite counts ranges of ten million
/// items, which take 700 MiB.
pub const MEMORY_PER_LINE: usize = 1024 * 1024 * 1024;
