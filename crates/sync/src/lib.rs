//! Sync runs: what is asked for, in which order, and how it lands in the workspace exactly once.
//!
//! Begin at [`run()`]. Decisions are pure and stand in modules of their own: the [`Plan`], the keyset [`Walk`], what page is trusted
//! ([`acceptance`]), the [`Checkpoint`], what a failed page means ([`verdict`]). The engine that carries them out is thin.
//!
//! What must not live here: HTTP (the client's), SQL and sealing (the workspace's and the vault's), what a value means (the mapping's).

pub mod acceptance;
mod begin;
mod checkpoint;
mod client_source;
mod counted;
mod engine;
mod error;
mod fields;
mod finish;
mod kept_place;
mod lane;
mod ledger;
mod marking;
mod never_store;
mod overlap;
mod page_ids;
mod pages;
mod plan;
mod progress;
mod ranges;
mod run;
mod single;
mod source;
mod span;
mod store;
mod summary;
mod terms;
pub mod verdict;
mod walk;
mod watermark;

pub use checkpoint::{Checkpoint, Stage, Step};
pub use client_source::ClientSource;
pub use counted::counted;
pub use crosswalk_workspace::run::{Mode, Status, Trigger};
pub use error::SyncError;
pub use fields::{Asked, Fields};
pub use marking::Marking;
pub use never_store::{Unreadable, cut};
pub use overlap::{Follow, Overlap};
pub use plan::{Filter, Plan, TEST_PAGES, WalkKind};
pub use progress::Progress;
pub use run::{Context, SyncRequest, run};
pub use single::{Keeping, keep};
pub use source::{Part, Source, Wanted};
pub use span::{Remaining, Span};
pub use summary::RunSummary;
pub use terms::Terms;
pub use walk::{Ask, AskId, Landed, Rules, Walk};
