//! A stand-in Coupa instance for demos, rehearsals and tests: the token endpoint, the resources, their paging, filters,
//! limits and moods, over real HTTP on a loopback port. Records are synthetic and follow from a seed.
//!
//! Depends on nothing but the field facts: nothing of the engine may be used here, or the engine would be tested
//! against itself.

mod answer;
mod api;
mod bucket;
mod catalogue;
mod clock;
mod collection;
mod config;
mod credentials;
mod demo;
mod error;
mod fault;
mod filter;
mod instance;
mod mix;
mod oauth;
mod object;
mod page;
mod query;
mod records;
mod resource;
mod sandbox;
mod selection;
mod sequence;
mod server;
mod stats;
mod tamper;
mod vocabulary;
mod wire;
mod world;
mod xml;

pub use collection::Truth;
pub use config::{
    Counts, DEFAULT_SCOPES, Latency, MOST_RECORDS, Profile, RateLimit, SandboxConfig,
};
pub use credentials::Credentials;
pub use demo::{DemoInstance, demo_configs};
pub use error::SandboxError;
pub use fault::{Fault, FaultRates};
pub use resource::Resource;
pub use sandbox::{RunningSandbox, Sandbox};
pub use stats::{ClientStats, Seen, Stats};
