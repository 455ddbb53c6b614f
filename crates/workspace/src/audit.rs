//! The audit chain: every call and every change of configuration, each row hashed over the one before.

mod anchoring;
mod calls;
mod chain;
mod row;

pub(crate) use anchoring::restored;
pub use anchoring::{Anchoring, anchor_abandoned, anchor_gone, anchored, anchoring, restores};
pub use calls::{CallFilter, call, calls};
pub use chain::{Break, Head, Verdict, verify};
pub use row::{
    AuditRow, Call, Filter, Subject, append_call, change, event, events, head, holds, last_of,
    list, list_from, resources_called,
};
