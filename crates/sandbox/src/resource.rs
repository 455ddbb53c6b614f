use crate::catalogue::{CATALOGUE, Traits};

/// A native resource of the instance, one collection of records each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    Accounts,
    Addresses,
    BudgetLines,
    BusinessGroups,
    Contracts,
    Currencies,
    CustomObjects,
    Departments,
    ExchangeRates,
    ExpenseReports,
    IntegrationErrors,
    IntegrationHistoryRecords,
    IntegrationRuns,
    Integrations,
    Invoices,
    Items,
    LookupValues,
    PaymentTerms,
    Payments,
    Projects,
    PurchaseOrderLines,
    PurchaseOrders,
    ReceivingTransactions,
    Requisitions,
    Suppliers,
    Users,
}

impl Resource {
    pub const ALL: [Self; 26] = [
        Self::Accounts,
        Self::Addresses,
        Self::BudgetLines,
        Self::BusinessGroups,
        Self::Contracts,
        Self::Currencies,
        Self::CustomObjects,
        Self::Departments,
        Self::ExchangeRates,
        Self::ExpenseReports,
        Self::IntegrationErrors,
        Self::IntegrationHistoryRecords,
        Self::IntegrationRuns,
        Self::Integrations,
        Self::Invoices,
        Self::Items,
        Self::LookupValues,
        Self::PaymentTerms,
        Self::Payments,
        Self::Projects,
        Self::PurchaseOrderLines,
        Self::PurchaseOrders,
        Self::ReceivingTransactions,
        Self::Requisitions,
        Self::Suppliers,
        Self::Users,
    ];

    /// The path below `/api/`, such as `coupa_pay/payments`.
    pub fn path(self) -> &'static str {
        self.traits().path
    }

    /// The scope a token needs to read this resource.
    pub fn read_scope(self) -> &'static str {
        self.traits().read_scope
    }

    /// The resource served at `path` (below `/api/`, no slash at either end).
    pub fn at(path: &str) -> Option<Self> {
        CATALOGUE
            .iter()
            .find(|traits| traits.path == path)
            .map(|traits| traits.resource)
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn traits(self) -> &'static Traits {
        &CATALOGUE[self.index()]
    }
}
