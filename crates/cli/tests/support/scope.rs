//! Which scope opens which path (Rossum University, "Coupa: OAuth scopes").

const SCOPES: [(&str, &str); 25] = [
    ("purchase_orders", "core.purchase_order.read"),
    ("purchase_order_lines", "core.purchase_order.read"),
    ("invoices", "core.invoice.read"),
    ("suppliers", "core.supplier.read"),
    ("requisitions", "core.requisition.read"),
    ("expense_reports", "core.expense.read"),
    ("contracts", "core.contract.read"),
    ("users", "core.user.read"),
    ("accounts", "core.accounting.read"),
    ("departments", "core.common.read"),
    ("items", "core.item.read"),
    ("coupa_pay/payments", "core.pay.payments.read"),
    ("receiving_transactions", "core.inventory.receiving.read"),
    ("budget_lines", "core.budget.read"),
    ("lookup_values", "core.common.read"),
    ("exchange_rates", "core.common.read"),
    ("payment_terms", "core.common.read"),
    ("currencies", "core.common.read"),
    ("addresses", "core.common.read"),
    ("projects", "core.project.read"),
    ("business_groups", "core.common.read"),
    ("integrations", "core.integration.read"),
    ("integration_runs", "core.integration.read"),
    ("integration_history_records", "core.integration.read"),
    ("integration_errors", "core.integration.read"),
];

/// The scope that opens a list; none for a path the instance does not have.
pub fn of_list(list: &str) -> Option<&'static str> {
    SCOPES
        .iter()
        .find(|(path, _)| *path == list)
        .map(|(_, scope)| *scope)
}

/// Whether the instance knows the scope.
pub fn exists(scope: &str) -> bool {
    let read = scope.replace(".write", ".read");
    SCOPES.iter().any(|(_, known)| *known == read) || matches!(scope, "offline_access" | "openid")
}
