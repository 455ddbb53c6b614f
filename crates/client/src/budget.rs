//! The request budget of one instance, shared by everything that calls it, in this process and in others.

mod bucket;
mod circuit;
mod lane;
mod ledger;
mod registry;
mod share;
mod shared;
mod signal;
mod snapshot;
mod state;
#[cfg(test)]
mod tests;
mod turn;

pub(crate) use circuit::LONGEST_COOL_DOWN;
pub use lane::{Lane, Permit};
pub use registry::{Budget, Budgets};
pub use share::Share;
pub use signal::Signal;
pub(crate) use signal::{answered_at, retry_after, until};
pub use snapshot::BudgetSnapshot;
pub(crate) use state::LONGEST_PAUSE;
pub use state::{Limit, Window};
