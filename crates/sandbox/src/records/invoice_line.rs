use crate::object::Object;
use crate::records::invoice::Bill;
use crate::records::order_line::{Figures, allocations, currency_of};
use crate::records::{people, reference};
use crate::resource::Resource;
use crate::vocabulary::{COMMODITIES, GOODS, TAX_CODES, pick};
use crate::world::{Row, World};

/// A line of the invoice in `row`, which bills the `line`-th order line there is.
pub(crate) fn fill(
    object: &mut Object<'_, '_>,
    world: &World,
    row: &Row,
    bill: &Bill,
    line: u64,
    within: u64,
) {
    let figures = Figures::of(world, line);
    let number = figures.number;
    let sign = bill.sign();
    let scale = figures.scale();
    object.number("id", row.id * 8 + within);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
    object.number("line-num", within + 1);
    object.either(
        "type",
        figures.by_amount,
        "InvoiceAmountLine",
        "InvoiceQuantityLine",
    );
    object.text("description", pick(&GOODS, number >> 4));
    if figures.by_amount {
        object.null("quantity");
    } else {
        object.money("quantity", sign * figures.quantity, 1);
    }
    object.money("price", figures.price, scale);
    object.money("total", sign * figures.total, scale);
    object.money("accounting-total", sign * figures.total, 2);
    object.money("tax-amount", bill.tax_of(&figures), 2);
    object.text("tax-rate", pick(&TAX_CODES, bill.tax).2);
    object.nulls(&["tax-location", "tax-description", "tax-supply-date"]);
    object.money("discount-amount", 0, 1);
    object.money("tax-distribution-total", 0, 1);
    object.money("shipping-distribution-total", 0, 1);
    object.money("handling-distribution-total", 0, 1);
    object.money("misc-distribution-total", 0, 1);
    object.either("status", row.status == "approved", "matched", "pending");
    object.format(
        "po-number",
        format_args!("{}", world.id(Resource::PurchaseOrders, bill.order)),
    );
    object.format(
        "order-header-num",
        format_args!("{}", world.id(Resource::PurchaseOrders, bill.order)),
    );
    object.number(
        "order-line-id",
        world.id(Resource::PurchaseOrderLines, line),
    );
    object.format("order-line-num", format_args!("{}", within + 1));
    object.either("source-part-num", number.is_multiple_of(3), "", "SP-4471/A");
    object.text("supp-aux-part-num", "");
    object.maybe("billing-note", pick(&[None, Some("")], number >> 6));
    object.nulls(&[
        "category",
        "subcategory",
        "deductibility",
        "hsn-sac-code",
        "unspsc",
        "match-reference",
    ]);
    object.nulls(&[
        "customs-declaration-number",
        "delivery-note-number",
        "net-weight",
        "price-per-uom",
        "fiscal-code",
    ]);
    object.null("original-date-of-supply");
    associations(object, world, row, bill, &figures, within);
    object.attributes("custom-fields", |custom| {
        custom.either(
            "deferred-expense",
            number.is_multiple_of(5),
            "true",
            "false",
        );
        custom.null("asset-class");
    });
    object.text("treasury-codes", "");
    people::authors(object, world, bill.number);
}

fn associations(
    object: &mut Object<'_, '_>,
    world: &World,
    row: &Row,
    bill: &Bill,
    figures: &Figures,
    within: u64,
) {
    let number = figures.number;
    let total = bill.sign() * figures.total;
    allocations(object, world, number, total);
    reference::currency(object, "currency", world, currency_of(world, bill.order));
    reference::currency(object, "accounting-total-currency", world, 0);
    reference::commodity(object, "commodity", number % COMMODITIES.len() as u64);
    reference::tax_code(object, "tax-code", bill.tax);
    if figures.by_amount {
        object.null("uom");
        object.null("item");
    } else {
        reference::unit(object, "uom", number >> 7);
        super::item::nested_or_null(object, world, number);
    }
    object.nulls(&["contract", "period", "bulk-price", "weight-uom"]);
    object.list("tax-lines", 1, |_, tax| {
        tax.number("id", row.id * 16 + within);
        tax.money("amount", bill.tax_of(figures), 2);
        tax.money("base", total, 4);
        tax.text("rate", pick(&TAX_CODES, bill.tax).2);
        tax.text("code", pick(&TAX_CODES, bill.tax).0);
        tax.null("description");
        tax.text("type", "TaxLine");
        people::some(tax, "created-by", world, bill.number);
    });
    object.empty_lists(&[
        "withholding-tax-lines",
        "failed-tolerances",
        "taggings",
        "tags",
    ]);
}
