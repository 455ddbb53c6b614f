//! What the use cases answer with, a file for each noun. Field names are the stable ones of `xwalk --json`; the window's
//! types are generated from the same structs. Counts cross as numbers: none of them comes near 2⁵³.

mod account;
mod audit;
mod backup;
mod call;
mod compare;
mod connection;
mod connector;
mod demo_sandbox;
mod doctor;
mod drift;
mod error;
mod explore;
mod mapping;
mod overview;
mod pass_through;
mod query;
mod quiet;
mod run;
mod scope;
mod search;
mod setting;
mod tenant;
mod workspace;

pub use account::*;
pub use audit::*;
pub use backup::*;
pub use call::*;
pub use compare::*;
pub use connection::*;
pub use connector::*;
pub use demo_sandbox::*;
pub use doctor::*;
pub use drift::*;
pub use error::*;
pub use explore::*;
pub use mapping::*;
pub use overview::*;
pub use pass_through::*;
pub use query::*;
pub use quiet::*;
pub use run::{
    ErrorGroup, LogLine, ResumeOptions, ResumeView, RunDetail, RunFilter, RunProgress, RunView,
    SyncOptions,
};
pub use scope::*;
pub use search::*;
pub use setting::*;
pub use tenant::*;
pub use workspace::*;

pub(crate) use run::per_second;
