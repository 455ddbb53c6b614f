//! The workspace: one folder with a SQLite database, and everything Crosswalk remembers in it.
//!
//! Here live the tables with their functions, one module for each noun; the one thread that writes; migrations,
//! backups, leases and the audit chain. A function takes a [`ReadTx`] or a [`WriteTx`], so that callers compose several
//! into one transaction through [`Workspace::read`] and [`Workspace::write`].
//!
//! What must not live here: HTTP, what a connector or a mapping means, and what a user may do. Values that come from
//! records or are secret arrive sealed, or are sealed here with the account's keys; docs/security-columns.md lists
//! every column. Text that is stored in clear is in our own words, never a provider's.

pub mod account;
pub mod alert;
pub mod audit;
pub mod backup;
pub mod call_answer;
mod changes;
mod clock;
mod column;
mod connection;
pub mod credential;
pub mod environment;
mod error;
pub mod figures;
mod folder;
mod id;
pub mod integrity;
mod lease;
pub mod mapping_override;
mod migration;
mod name;
pub mod onboarding;
mod origin;
pub mod page;
pub mod pin;
mod presence;
pub mod record;
mod resealing;
pub mod resource;
pub mod run;
pub mod schema_seen;
pub mod selection;
pub mod setting;
pub mod standing;
pub mod table;
pub mod tenant;
pub mod token;
mod tx;
pub mod window_state;
mod workspace;
mod writer;

pub use account::{Account, Kind, Purpose, Retention, Status, Trust};
pub use changes::Changes;
#[cfg(any(test, feature = "test-clock"))]
pub use clock::ManualClock;
pub use clock::{Clock, SystemClock};
pub use error::{Error, Result};
pub use folder::Folder;
pub use id::{AccountId, AlertId, EnvironmentId, RunId, TenantId, WorkspaceId};
pub use lease::{AccountLease, Guarded, Lease, RunnerHolder, RunnerLease};
pub use origin::Origin;
pub use resealing::Resealing;
pub use run::Run;
pub use tx::{ReadTx, WriteTx};
pub use workspace::{OpenOptions, Workspace};
