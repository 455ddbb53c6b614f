//! What the use cases answer with, a file for each noun. Field names are the stable ones of `xwalk --json`; the window's
//! types are generated from the same structs. Counts cross as numbers: none of them comes near 2⁵³.

mod account;
mod audit;
mod backup;
mod connection;
mod connector;
mod doctor;
mod error;
mod mapping;
mod pass_through;
mod run;
mod setting;
mod tenant;
mod workspace;

pub use account::*;
pub use audit::*;
pub use backup::*;
pub use connection::*;
pub use connector::*;
pub use doctor::*;
pub use error::*;
pub use mapping::*;
pub use pass_through::*;
pub use run::{ErrorGroup, LogLine, RunDetail, RunView};
pub use setting::*;
pub use tenant::*;
pub use workspace::*;

pub(crate) use run::per_second;
