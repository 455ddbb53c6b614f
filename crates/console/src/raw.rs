//! Records as received: opened once, read page by page, with what there is to say about each place.

pub(crate) mod marks;
pub(crate) mod open_record;
pub(crate) mod path;
pub(crate) mod record;
pub(crate) mod rows;
pub(crate) mod tree;
pub(crate) mod unified_value;
