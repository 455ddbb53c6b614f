//! One page of a list: what is in it, and whether another follows.

mod cursor;
mod records;
mod xml;

pub(crate) use cursor::more_flag;
pub use cursor::{Continue, Cursor, PageFacts, Position, first_position, next_page};
pub use records::{RawRecord, RecordError, RecordProblem};
pub(crate) use records::{fingerprint, read_records};
pub(crate) use xml::to_json;

use jiff::Timestamp;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The records, in the order received.
    pub records: Vec<RawRecord>,
    /// What was in the page and is no record that can be kept.
    pub errors: Vec<RecordError>,
    /// How many the list named. More than stand here where one of a list of ids went before it could be read.
    pub listed: usize,
    /// Where the next page is, if there is one.
    pub next: Option<Cursor>,
    /// The provider's own time, from the `Date` header.
    pub server_date: Option<Timestamp>,
    /// Size of the body, decompressed.
    pub bytes: u64,
    /// Requests this page took, tries included.
    pub requests: u32,
    /// Of them, those answered "too many".
    pub rate_limited: u32,
}
