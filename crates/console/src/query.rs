//! The request side: what unified and native filters ask a provider for.

pub(crate) mod filter_table;
pub(crate) mod filter_trial;
pub(crate) mod native_condition;
pub(crate) mod provider;
pub(crate) mod request_side;
pub(crate) mod unified;
pub(crate) mod unified_filter;
