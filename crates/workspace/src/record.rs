//! Records: what a provider sent, as the exact bytes received, sealed under the account's key.

mod memory;
mod native_id;
mod place;
mod read;
mod retention;
mod seal;
mod upsert;

pub(crate) use memory::Memory;
pub use native_id::{NativeId, Watermark};
pub use place::{Direction, Place, fetched_at, ids, place, present_by_resource};
pub use read::{Counts, Shown, StoredRecord, count, fetched_since, get, page, stored_by};
pub use retention::{due_to_purge, due_under, forget_bodies, oldest_body, purge, purge_examples};
pub(crate) use retention::{mark_vanished, purge_answers};
pub use seal::SealedRecord;
pub use upsert::Stored;
pub(crate) use upsert::Upserts;
