//! The request budget of one instance, shared by everything in this process that calls it.

mod bucket;
mod lane;
mod registry;
mod signal;
mod snapshot;
mod state;
#[cfg(test)]
mod tests;

pub use lane::{Lane, Permit};
pub use registry::{Budget, Budgets};
pub use signal::Signal;
pub(crate) use signal::{retry_after, until};
pub use snapshot::BudgetSnapshot;
pub(crate) use state::LONGEST_PAUSE;
pub use state::{Limit, Share, Window};
