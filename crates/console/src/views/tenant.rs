//! Customers.

use serde::Serialize;
use specta::Type;

/// A customer.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TenantSummary {
    pub id: String,
    pub name: String,
    /// Where the customer's data must stay.
    pub region: Option<String>,
}
