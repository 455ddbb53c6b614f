//! Acceptance tests of `xwalk`: what the contract of the command line promises, seen from outside, against an instance
//! that is not the product's own sandbox.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::result_large_err,
    clippy::struct_excessive_bools,
    reason = "tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod alerts;
mod audits;
mod authoring;
mod bad_records;
mod budgets;
mod bundles;
mod canaries;
mod care;
mod connections;
mod connectors;
mod crowd;
mod cut_off;
mod drifts;
mod exports;
mod faults;
mod foreign;
mod full_disk;
mod guarding;
mod hosts;
mod housekeeping;
mod interrupts;
mod jsonata;
mod jsonata_harm;
mod jsonata_suite;
mod key_rotation;
mod keyring;
mod live_integration;
mod modes;
mod networks;
mod offline;
mod openid;
mod overrides;
mod queries;
mod quiet;
mod records;
mod renewals;
mod rotations;
mod runs;
mod secrets;
mod sign_in_canaries;
mod sign_ins;
mod syncs;
mod tables;
mod tenants;
mod usage;
mod workspaces;
