//! What the window can ask for, a file for each noun. Each command is one call of the console, through the customer
//! call that may be running.

pub(crate) mod accounts;
pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod calls;
pub(crate) mod carrying;
pub(crate) mod compare;
pub(crate) mod connectors;
pub(crate) mod credentials;
pub(crate) mod custody;
pub(crate) mod desktop;
pub(crate) mod drift;
pub(crate) mod explore;
pub(crate) mod filters;
pub(crate) mod frame;
pub(crate) mod incidents;
pub(crate) mod lock;
pub(crate) mod mapping;
pub(crate) mod overview;
pub(crate) mod pins;
pub(crate) mod retention;
pub(crate) mod sandbox;
pub(crate) mod schedules;
pub(crate) mod settings;
pub(crate) mod sync;
pub(crate) mod tables;
pub(crate) mod tenants;
mod typed;
