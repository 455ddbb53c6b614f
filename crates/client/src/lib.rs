//! One provider over HTTP: tokens, rate budget, retry, paging, error classes.
//!
//! Everything that leaves this machine for a provider leaves through here, so the rules about where secrets may go live here too. What must
//! not live here: a provider's name, storage (the caller passes a [`TokenStore`] and a [`Recorder`]), and what to ask for (that is `sync`).

mod account;
mod budget;
mod call;
mod classify;
mod clock;
mod diagnose;
mod error;
mod json;
mod page;
mod permission;
mod profile;
mod request;
mod retry;
mod token;
mod transport;
mod values;
mod words;

pub use account::{AccountClient, PassThrough};
pub use budget::{Budget, BudgetSnapshot, Budgets, Lane, Limit, Permit, Share, Signal, Window};
pub use call::{CallBuffer, CallContext, CallRecord, KeptAnswer, Outcome, Recorder};
pub use clock::{Clock, SystemClock};
pub use diagnose::Step;
pub use error::{CertificateProblem, ClientError, Side, Words};
pub use page::{
    Continue, Cursor, Page, PageFacts, Position, RawRecord, RecordError, RecordProblem,
    first_position, next_page,
};
pub use permission::Permission;
pub use profile::{Profile, Trust};
pub use request::{Filter, KeyRange, ListRequest, Selection};
pub use retry::{Class, NextStep, RetryPolicy, Tries, next_step};
pub use token::{
    Authorization, DeviceAuthorization, DeviceCode, Exclusive, MemoryTokens, Redirected, Refresh,
    Revocation, Stored, Token, TokenSource, TokenStore, TokenStoreError,
};
pub use transport::{Answer, HttpSettings, Outgoing, ProxySetting, Route, Timeouts, Transport};
pub use values::Credential;
