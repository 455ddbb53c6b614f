//! Mappings: what is in force for an account, what an editor of it shows, and what a change of it would do.

pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod document;
pub(crate) mod hints;
pub(crate) mod impact;
pub(crate) mod in_force;
pub(crate) mod jsonata;
pub(crate) mod level_entries;
pub(crate) mod levels;
pub(crate) mod outcomes;
pub(crate) mod pins;
pub(crate) mod preview;
pub(crate) mod samples;
pub(crate) mod stored_records;
pub(crate) mod studio;
pub(crate) mod unread;
pub(crate) mod version;
pub(crate) mod views;
