use crate::object::Object;
use crate::records::invoice::{Bill, invoice_number};
use crate::records::order_line::{currency_of, supplier_of};
use crate::records::{exported, identity, people, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

/// Payment `n` pays invoice `4n + 1`, so that which invoice is paid by what is computed, not looked up.
fn invoice_of(payment: u64) -> u64 {
    payment * 4 + 1
}

/// The whole payment.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::Payments, row.index, 1);
    let invoice = invoice_of(row.index);
    let bill = Bill::of(world, invoice);
    let currency = currency_of(world, bill.order);
    let released = !matches!(row.status, "draft" | "approved" | "cancelled");
    identity(object, row);
    object.number("line-num", 1);
    object.text("status", row.status);
    exported(object, row);
    if number.is_multiple_of(6) {
        object.null("external-ref-id");
    } else {
        object.format(
            "external-ref-id",
            format_args!("HT-{:04}", 5_000 + row.index),
        );
    }
    object.maybe_instant(
        "released-at",
        released.then(|| row.at(row.created + 86_400)),
    );
    object.number("payment-batch-id", 200 + row.index / 12);
    object.money("pay-from-total", bill.total(), 2);
    object.money(
        "pay-to-total",
        bill.total(),
        [2, 4][usize::from(number.is_multiple_of(5))],
    );
    object.money("reporting-pay-from-total", bill.total(), 2);
    object.money("reporting-pay-to-total", bill.total(), 2);
    object.text("exchange-rate", "1.0");
    object.maybe(
        "error-text",
        (row.status == "completed_with_errors").then_some("Beneficiary bank refused 1 of 1"),
    );
    reference::currency(object, "pay-from-currency", world, currency);
    reference::currency(object, "pay-to-currency", world, currency);
    reference::currency(object, "reporting-pay-from-currency", world, currency);
    reference::currency(object, "reporting-pay-to-currency", world, currency);
    let payee = supplier_of(world, bill.order);
    supplier::nested(object, "payee", world, payee);
    object.object("payment-partner", |partner| {
        partner.number("id", 14);
        partner.text("name", "Example Bank transfer");
        partner.text("type", "CoupaPay::BankPartner");
        partner.text("issuing-bank", "Example Bank AG");
        partner.text("payment-partner-type", "bank");
    });
    bank_account(
        object,
        "pay-from-account",
        654,
        "Operating account",
        number >> 5,
    );
    bank_account(
        object,
        "pay-to-account",
        1_400 + payee,
        "Supplier account",
        number >> 9,
    );
    object.null("digital-check");
    object.list("payment-details", 1, |_, detail| {
        detail.number("id", 9_000 + row.index);
        detail.instant("created-at", row.at(row.created));
        detail.instant("updated-at", row.at(row.updated));
        // A string here, though the id it repeats is a number.
        detail.format("payment-id", format_args!("{}", row.id));
        detail.number("payable-id", 3_000 + row.index);
        detail.text("payable-type", "CoupaPay::Invoice");
        detail.number(
            "source-transaction-id",
            world.id(Resource::Invoices, invoice),
        );
        detail.text("source-transaction-type", "InvoiceHeader");
        invoice_number(detail, "source-transaction-reference", invoice, bill.number);
        detail.money("transaction-total", bill.total(), 2);
        detail.money("discount-total", 0, 2);
        detail.money("adjustment-total", 0, 2);
        detail.money("payment-total", bill.total(), 2);
        reference::currency(detail, "currency", world, currency);
        detail.empty_lists(&["payable-allocations"]);
        people::authors(detail, world, number);
    });
    object.attributes("custom-fields", |custom| {
        custom.text("treasury-batch", pick(&["", "TB-12", "TB-13"], number));
    });
    people::authors(object, world, number);
}

fn bank_account(object: &mut Object<'_, '_>, name: &str, id: u64, label: &str, number: u64) {
    object.object(name, |account| {
        account.number("id", id);
        account.text("account-name", label);
        account.null("source-name");
        account.text("account-kind", "bank_account");
        account.text("status", "active");
        account.format(
            "bank-account-number",
            format_args!("{:012}", number % 1_000_000_000_000),
        );
        account.format(
            "iban-number",
            format_args!("DE{:02}{:018}", number % 90 + 10, number >> 12),
        );
    });
}
