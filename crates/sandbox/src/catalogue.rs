//! What is fixed about each resource: where it is, what opens it, what it is called in XML, how many there are.

use crate::resource::Resource;

/// What is fixed about a resource.
pub(crate) struct Traits {
    pub(crate) resource: Resource,
    /// The path below `/api/`; custom objects carry the object's own id (1) in it.
    pub(crate) path: &'static str,
    pub(crate) read_scope: &'static str,
    /// The scope a `PUT` needs; `None` where the stand-in takes no write.
    pub(crate) write_scope: Option<&'static str>,
    /// Element name of one record and of a list in XML.
    pub(crate) element: (&'static str, &'static str),
    pub(crate) first_id: u64,
    pub(crate) default_count: u64,
    /// Carries the `exported` flag.
    pub(crate) exported: bool,
    /// Grows and shrinks under the hostile profile; reference data stays, so that references keep their targets.
    pub(crate) churns: bool,
    /// Status values and their weights.
    pub(crate) statuses: &'static [(&'static str, u16)],
}

const fn at(resource: Resource, path: &'static str, read_scope: &'static str) -> Traits {
    Traits {
        resource,
        path,
        read_scope,
        write_scope: None,
        element: ("record", "records"),
        first_id: 1,
        default_count: 0,
        exported: false,
        churns: false,
        statuses: &[],
    }
}

impl Traits {
    const fn named(mut self, one: &'static str, many: &'static str) -> Self {
        self.element = (one, many);
        self
    }

    const fn holds(mut self, default_count: u64, first_id: u64) -> Self {
        self.default_count = default_count;
        self.first_id = first_id;
        self
    }

    const fn in_status(mut self, statuses: &'static [(&'static str, u16)]) -> Self {
        self.statuses = statuses;
        self
    }

    const fn exported_by(mut self, write_scope: &'static str) -> Self {
        self.write_scope = Some(write_scope);
        self.exported = true;
        self
    }

    const fn churning(mut self) -> Self {
        self.churns = true;
        self
    }
}

/// In the order of [`Resource`].
pub(crate) static CATALOGUE: [Traits; Resource::ALL.len()] = [
    at(Resource::Accounts, "accounts", "core.accounting.read")
        .named("account", "accounts")
        .holds(60, 21),
    at(Resource::Addresses, "addresses", "core.common.read")
        .named("address", "addresses")
        .holds(24, 14),
    at(Resource::BudgetLines, "budget_lines", "core.budget.read")
        .named("budget-line", "budget-lines")
        .holds(48, 577),
    at(
        Resource::BusinessGroups,
        "business_groups",
        "core.common.read",
    )
    .named("business-group", "business-groups")
    .holds(6, 1),
    at(Resource::Contracts, "contracts", "core.contract.read")
        .named("contract", "contracts")
        .holds(40, 210)
        .in_status(&[
            ("published", 60),
            ("draft", 12),
            ("expired", 12),
            ("completed", 8),
            ("inactive", 8),
        ]),
    at(Resource::Currencies, "currencies", "core.common.read")
        .named("currency", "currencies")
        .holds(10, 1),
    at(
        Resource::CustomObjects,
        "custom_objects/1/object_instances",
        "core.common.read",
    )
    .named("object-instance", "object-instances")
    .holds(30, 301),
    at(Resource::Departments, "departments", "core.common.read")
        .named("department", "departments")
        .holds(12, 1),
    at(
        Resource::ExchangeRates,
        "exchange_rates",
        "core.common.read",
    )
    .named("exchange-rate", "exchange-rates")
    .holds(90, 9),
    at(
        Resource::ExpenseReports,
        "expense_reports",
        "core.expense.read",
    )
    .named("expense-report", "expense-reports")
    .holds(80, 158)
    .exported_by("core.expense.write")
    .churning()
    .in_status(&[
        ("approved_for_payment", 50),
        ("pending_approval", 20),
        ("draft", 15),
        ("pending_audit", 10),
        ("rejected", 5),
    ]),
    at(
        Resource::IntegrationErrors,
        "integration_errors",
        "core.integration.read",
    )
    .named("integration-error", "integration-errors")
    .holds(25, 4_100)
    .churning()
    .in_status(&[("Error", 1)]),
    at(
        Resource::IntegrationHistoryRecords,
        "integration_history_records",
        "core.integration.read",
    )
    .named("integration-history-record", "integration-history-records")
    .holds(120, 8_200)
    .churning()
    .in_status(&[("Success", 85), ("Error", 15)]),
    at(
        Resource::IntegrationRuns,
        "integration_runs",
        "core.integration.read",
    )
    .named("integration-run", "integration-runs")
    .holds(60, 5_300)
    .in_status(&[
        ("success", 80),
        ("failed", 12),
        ("running", 5),
        ("pending", 3),
    ]),
    at(
        Resource::Integrations,
        "integrations",
        "core.integration.read",
    )
    .named("integration", "integrations")
    .holds(9, 3),
    at(Resource::Invoices, "invoices", "core.invoice.read")
        .named("invoice-header", "invoice-headers")
        .holds(250, 700_001)
        .exported_by("core.invoice.write")
        .churning()
        .in_status(&[
            ("approved", 560),
            ("pending_approval", 130),
            ("pending_receipt", 60),
            ("draft", 50),
            ("ap_hold", 40),
            ("voided", 40),
            ("disputed", 30),
            ("on_hold", 20),
            ("new", 20),
            ("booking_hold", 10),
            ("pending_action", 10),
            ("rejected", 10),
            ("abandoned", 5),
            ("processing", 5),
            ("invalid", 5),
            ("payable_adjustment", 5),
        ]),
    at(Resource::Items, "items", "core.item.read")
        .named("item", "items")
        .holds(60, 23),
    at(Resource::LookupValues, "lookup_values", "core.common.read")
        .named("lookup-value", "lookup-values")
        .holds(45, 1),
    at(Resource::PaymentTerms, "payment_terms", "core.common.read")
        .named("payment-term", "payment-terms")
        .holds(8, 1),
    at(
        Resource::Payments,
        "coupa_pay/payments",
        "core.pay.payments.read",
    )
    .named("payment", "payments")
    .holds(50, 848)
    .exported_by("core.pay.payments.write")
    .churning()
    .in_status(&[
        ("completed_successfully", 70),
        ("payment_in_progress", 10),
        ("payment_initiated", 6),
        ("completed_with_errors", 6),
        ("approved", 4),
        ("draft", 2),
        ("cancelled", 2),
    ]),
    at(Resource::Projects, "projects", "core.project.read")
        .named("project", "projects")
        .holds(15, 31)
        .in_status(&[("in_progress", 55), ("planned", 25), ("complete", 20)]),
    at(
        Resource::PurchaseOrderLines,
        "purchase_order_lines",
        "core.purchase_order.read",
    )
    .named("order-line", "order-lines")
    .holds(0, 6_105)
    .in_status(&[
        ("created", 50),
        ("received", 35),
        ("partially_received", 10),
        ("cancelled", 5),
    ]),
    at(
        Resource::PurchaseOrders,
        "purchase_orders",
        "core.purchase_order.read",
    )
    .named("order-header", "order-headers")
    .holds(200, 4_187)
    .exported_by("core.purchase_order.write")
    .churning()
    .in_status(&[
        ("issued", 640),
        ("closed", 140),
        ("draft", 50),
        ("cancelled", 40),
        ("buyer_hold", 40),
        ("currency_hold", 20),
        ("supplier_hold", 20),
        ("supplier_window_hold", 20),
        ("expensed", 20),
        ("error", 10),
    ]),
    at(
        Resource::ReceivingTransactions,
        "receiving_transactions",
        "core.inventory.receiving.read",
    )
    .named("receiving-transaction", "receiving-transactions")
    .holds(160, 296)
    .exported_by("core.inventory.receiving.write")
    .churning()
    .in_status(&[("created", 90), ("voided", 10)]),
    at(
        Resource::Requisitions,
        "requisitions",
        "core.requisition.read",
    )
    .named("requisition-header", "requisition-headers")
    .holds(120, 1_902)
    .exported_by("core.requisition.write")
    .churning()
    .in_status(&[
        ("ordered", 50),
        ("pending_approval", 12),
        ("received", 10),
        ("approved", 5),
        ("partially_received", 5),
        ("draft", 5),
        ("pending_buyer_action", 4),
        ("cart", 3),
        ("abandoned", 2),
        ("backgrounded", 2),
        ("withdrawn", 2),
    ]),
    at(Resource::Suppliers, "suppliers", "core.supplier.read")
        .named("supplier", "suppliers")
        .holds(80, 1_001)
        .in_status(&[("active", 86), ("inactive", 8), ("draft", 6)]),
    at(Resource::Users, "users", "core.user.read")
        .named("user", "users")
        .holds(40, 7),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_has_its_own_row_and_path() {
        for (place, resource) in Resource::ALL.into_iter().enumerate() {
            assert_eq!(resource.index(), place);
            assert_eq!(resource.traits().resource, resource);
            assert_eq!(Resource::at(resource.path()), Some(resource));
        }
    }
}
