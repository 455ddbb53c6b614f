//! When customers want quiet.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A stretch of time that comes again: days of the week with or without hours, or the end of the month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct QuietWindowView {
    /// The first of its days, `mon` to `sun`; null at the end of the month.
    pub from_day: Option<String>,
    /// The last of them.
    pub to_day: Option<String>,
    /// When it begins on each of them, such as `22:00`; null: it lasts all day.
    pub from: Option<String>,
    /// When it ends; past midnight if that is earlier.
    pub to: Option<String>,
    /// So many last days of the month; null: days of the week.
    pub month_end: Option<u8>,
    /// Its time zone, such as `Europe/Berlin`; null: this machine's.
    pub zone: Option<String>,
}

/// That a tenant wants quiet now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct QuietNow {
    /// All its quiet windows, as they are typed.
    pub windows: String,
    /// When it no longer does; null: no end is in sight.
    pub until: Option<Timestamp>,
}

/// When a tenant wants no scheduled syncs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct QuietView {
    pub tenant: String,
    pub windows: Vec<QuietWindowView>,
    /// Null: it does not now.
    pub now: Option<QuietNow>,
    /// This machine's time zone; null where it has no name.
    pub zone: Option<String>,
}
