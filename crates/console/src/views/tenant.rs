//! Customers.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::OverviewRow;

/// A customer.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TenantSummary {
    pub id: String,
    pub name: String,
    /// Where the customer's data must stay.
    pub region: Option<String>,
}

/// A customer in full.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TenantDetail {
    pub id: String,
    pub name: String,
    pub region: Option<String>,
    /// Whom to talk to, as somebody typed it.
    pub contacts: String,
    /// What else to know, as somebody typed it.
    pub notes: String,
    pub accounts: Vec<OverviewRow>,
    pub checklist: Vec<ChecklistStep>,
}

/// A step of the onboarding.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ChecklistStep {
    pub step: String,
    pub label: String,
    pub done: bool,
    /// Why it is done, or what to do.
    pub detail: String,
    /// The account it waits for.
    pub account: Option<String>,
    /// Where it is done while it is open: `connect`, `request` (the message to the administrator), `credentials`, `sync`
    /// or `compare` of the account, `settings` or `report`.
    pub leads_to: Option<String>,
    /// Whether a person ticks it off.
    pub by_hand: bool,
}

/// What of a customer is to change; what is null stays.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct TenantChanges {
    pub name: Option<String>,
    /// An empty text: none.
    pub region: Option<String>,
    pub contacts: Option<String>,
    pub notes: Option<String>,
}
