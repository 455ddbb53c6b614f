use crate::object::Object;
use crate::records::order_line::allocations;
use crate::records::{exported, identity, people, reference};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

const DAY: i64 = 86_400;
const CATEGORIES: [&str; 6] = [
    "Hotel",
    "Airfare",
    "Meals & entertainment",
    "Taxi",
    "Mileage",
    "Conference fee",
];
const MERCHANTS: [&str; 5] = ["Harrow Inn", "Café Łuk", "Ride & Go", "Skyline Air", ""];

fn amount(world: &World, report: u64, within: u64) -> i64 {
    let number = world.number(Resource::ExpenseReports, report * 8 + within, 2);
    i64::try_from(150 + number % 90_000).unwrap_or(150)
}

/// The whole expense report with its lines.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::ExpenseReports, row.index, 1);
    let lines = 1 + number % 5;
    let total: i64 = (0..lines)
        .map(|within| amount(world, row.index, within))
        .sum();
    let submitted = row.status != "draft";
    let paid = row.status == "approved_for_payment" && !number.is_multiple_of(3);
    let employee = world.any(Resource::Users, number >> 24);
    let currency = world.any(Resource::Currencies, number % 3);
    identity(object, row);
    object.text(
        "title",
        pick(
            &[
                "",
                "Customer visit, March",
                "Trade fair \"Interpack\"",
                "Training & travel",
            ],
            number,
        ),
    );
    object.text("status", row.status);
    exported(object, row);
    object.maybe_instant(
        "submitted-at",
        submitted.then(|| row.at(row.created + 3_600)),
    );
    object.flag("paid", paid);
    object.money("total", total, 2);
    object.money(
        "reimbursable-total-amount",
        total,
        [2, 4][usize::from(number.is_multiple_of(4))],
    );
    object.number("audit-score", number % 100);
    object.nulls(&[
        "auditor-note",
        "reject-reason",
        "erp-document-id",
        "erp-document-status",
        "payment-channel",
    ]);
    object.nulls(&[
        "external-src-ref",
        "external-src-name",
        "report-due-date",
        "report-warnings",
        "travel-trip",
    ]);
    object.flag("is-trip", number.is_multiple_of(5));
    object.flag("past-due", false);
    // A plain date: no time, no offset.
    let start = row.at(row.created - 5 * DAY).to_string();
    object.text("start-date", start.get(..10).unwrap_or_default());
    let end = row.at(row.created - 2 * DAY).to_string();
    object.text("end-date", end.get(..10).unwrap_or_default());
    reference::currency(object, "currency", world, currency);
    reference::currency(object, "reimbursable-total-currency", world, currency);
    people::nested(object, "expensed-by", world, employee);
    people::nested(object, "submitted-by", world, employee);
    if paid {
        object.object("payment", |payment| {
            payment.number("id", 60_000 + row.index);
        });
    } else {
        object.null("payment");
    }
    object.list("expense-lines", lines, |within, line| {
        fill_line(line, world, row, within, employee);
    });
    object.empty_lists(&[
        "approvals",
        "comments",
        "events",
        "expense-violations",
        "expense-policy-violations",
    ]);
    object.empty_lists(&["reconciliation-lines"]);
    object.text("cost-override", "");
    people::nested(object, "created-by", world, employee);
    people::some(object, "updated-by", world, number >> 30);
}

fn fill_line(object: &mut Object<'_, '_>, world: &World, row: &Row, within: u64, employee: u64) {
    let number = world.number(Resource::ExpenseReports, row.index * 8 + within, 2);
    let amount = amount(world, row.index, within);
    let foreign = number.is_multiple_of(4);
    object.number("id", row.id * 8 + within);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
    object.number("line-number", within + 1);
    object.number("expense-report-id", row.id);
    object.instant("expense-date", row.at(row.created - 3 * DAY));
    object.text("type", "ExpenseLine");
    object.text("status", "pending");
    object.text("merchant", pick(&MERCHANTS, number));
    object.maybe(
        "description",
        pick(
            &[Some("Two nights, supplier visit"), None, Some("")],
            number >> 3,
        ),
    );
    object.money(
        "amount",
        amount,
        [2, 1][usize::from(number.is_multiple_of(3))],
    );
    object.money("approved-amount", amount, 2);
    object.money("accounting-total", amount, 2);
    object.money("reporting-total", amount, 4);
    if foreign {
        object.money("foreign-currency-amount", amount * 4, 2);
        object.text("exchange-rate", "0.250000000");
        reference::some_currency(object, "foreign-currency", world, 3);
    } else {
        object.nulls(&[
            "foreign-currency-amount",
            "exchange-rate",
            "foreign-currency",
        ]);
    }
    object.flag("employee-reimbursable", true);
    object.flag("over-limit", number.is_multiple_of(19));
    object.flag("requires-receipt", true);
    object.nulls(&[
        "start-date",
        "end-date",
        "divisor",
        "order-line-id",
        "parent-expense-line-id",
        "frugality",
    ]);
    object.nulls(&[
        "external-src-ref",
        "external-src-name",
        "external-src-data",
        "expense-trip",
        "period",
    ]);
    object.text("reason", "");
    allocations(object, world, number, amount);
    object.object("expense-category", |category| {
        let which = number % CATEGORIES.len() as u64;
        category.number("id", 31 + which);
        category.text("name", pick(&CATEGORIES, which));
        category.flag("active", true);
        category.null("external-key");
    });
    reference::some_currency(object, "currency", world, row.index % 3);
    reference::currency(object, "accounting-total-currency", world, 0);
    people::nested(object, "expensed-by", world, employee);
    object.list("expense-line-taxes", number % 2, |_, tax| {
        tax.number("id", row.id * 8 + within);
        tax.money("amount", amount * 19 / 119, 2);
        reference::tax_code(tax, "tax-code", 1);
    });
    object.list("expense-artifacts", (number >> 5) % 2, |_, artifact| {
        artifact.number("id", row.id * 8 + within);
        artifact.text("image-file-name", "receipt.jpg");
        artifact.text("image-content-type", "image/jpeg");
        artifact.number("image-file-size", 48_211);
    });
    object.empty_lists(&["itemized-expense-lines"]);
    // These cannot be moved to the namespace.
    object.either("custom-field-1", number.is_multiple_of(3), "ACME visit", "");
    object.nulls(&["custom-field-2", "custom-field-3"]);
}
