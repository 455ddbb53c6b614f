use crate::object::Object;
use crate::records::{account, people, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::{COMMODITIES, GOODS, pick};
use crate::world::{Row, World};

/// Lines per order, in turn; the turn makes the place of any line computable.
const PER_ORDER: [u64; 8] = [1, 3, 2, 5, 1, 4, 2, 6];
const PER_TURN: u64 = 24;

/// How many lines the first `orders` orders have together.
pub(crate) fn lines_before(orders: u64) -> u64 {
    let rest = usize::try_from(orders % 8).unwrap_or(0);
    orders / 8 * PER_TURN + PER_ORDER.iter().take(rest).sum::<u64>()
}

pub(crate) fn lines_of(order: u64) -> u64 {
    pick(&PER_ORDER, order)
}

/// The order a line belongs to and its place there.
pub(crate) fn place(line: u64) -> (u64, u64) {
    let mut rest = line % PER_TURN;
    let mut order = line / PER_TURN * 8;
    for lines in PER_ORDER {
        if rest < lines {
            break;
        }
        rest -= lines;
        order += 1;
    }
    (order, rest)
}

/// The figures of one line, from which orders, invoices and receipts are totalled alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) number: u64,
    pub(crate) price: i64,
    /// In hundredths, as the price is.
    pub(crate) quantity: i64,
    pub(crate) total: i64,
    /// An amount line has a total but neither price nor quantity of its own.
    pub(crate) by_amount: bool,
}

impl Figures {
    pub(crate) fn of(world: &World, line: u64) -> Self {
        let number = world.number(Resource::PurchaseOrderLines, line, 1);
        let by_amount = number.is_multiple_of(6);
        let price = i64::try_from(200 + (number >> 10) % 240_000).unwrap_or(200) * 2;
        let quantity = if by_amount {
            100
        } else {
            i64::try_from(1 + (number >> 30) % 24).unwrap_or(1) * 100
                + if number % 10 == 3 { 50 } else { 0 }
        };
        Self {
            number,
            price,
            quantity,
            total: price * quantity / 100,
            by_amount,
        }
    }

    /// Scale differs from line to line, as it does at the provider.
    pub(crate) fn scale(&self) -> usize {
        [2, 1, 4, 2][usize::try_from((self.number >> 50) % 4).unwrap_or(0)]
    }
}

pub(crate) fn order_total(world: &World, order: u64) -> i64 {
    let first = lines_before(order);
    (first..first + lines_of(order))
        .map(|line| Figures::of(world, line).total)
        .sum()
}

pub(crate) fn supplier_of(world: &World, order: u64) -> u64 {
    world.any(
        Resource::Suppliers,
        world.number(Resource::PurchaseOrders, order, 2),
    )
}

pub(crate) fn currency_of(world: &World, order: u64) -> u64 {
    let number = world.number(Resource::PurchaseOrders, order, 3);
    // Most spend in the first three currencies.
    world.any(
        Resource::Currencies,
        if number.is_multiple_of(8) {
            number >> 8
        } else {
            (number >> 8) % 3
        },
    )
}

/// The line as a resource of its own.
pub(crate) fn fill_row(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let (order, within) = place(row.index);
    fill(object, world, row, order, within);
}

/// A line; `row` is its row in the resource of lines.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row, order: u64, within: u64) {
    let figures = Figures::of(world, row.index);
    let number = figures.number;
    let scale = figures.scale();
    super::identity(object, row);
    // A string here, though a number on invoice and requisition lines.
    object.format("line-num", format_args!("{}", within + 1));
    object.null("sub-line-num");
    object.either(
        "type",
        figures.by_amount,
        "OrderAmountLine",
        "OrderQuantityLine",
    );
    object.text("description", pick(&GOODS, number >> 4));
    if figures.by_amount {
        object.null("quantity");
    } else {
        object.money("quantity", figures.quantity, 1);
    }
    object.money("price", figures.price, scale);
    object.money("total", figures.total, 2);
    object.money("accounting-total", figures.total, 2);
    object.money("reporting-total", figures.total, 4);
    let received = if row.status == "received" {
        figures.quantity
    } else {
        0
    };
    object.money("received", received, 1);
    object.money(
        "invoiced",
        if row.status == "received" {
            figures.quantity
        } else {
            0
        },
        2,
    );
    object.text("status", row.status);
    object.number("order-header-id", world.id(Resource::PurchaseOrders, order));
    object.format(
        "order-header-number",
        format_args!("{}", world.id(Resource::PurchaseOrders, order)),
    );
    object.instant("need-by-date", row.at(row.created + 14 * 86_400));
    object.either("source-part-num", number.is_multiple_of(3), "", "SP-4471/A");
    object.text("supp-aux-part-num", "");
    object.null("minimum-order-quantity");
    object.maybe(
        "manufacturer-name",
        pick(&[None, Some("Alder"), Some("")], number),
    );
    object.null("manufacturer-part-number");
    object.maybe("savings-pct", pick(&[None, Some("4.0")], number >> 2));
    object.text("match-type", pick(&["3-way", "2-way", "none"], number >> 5));
    object.text("service-type", "non_service");
    object.flag("receipt-required", !number.is_multiple_of(4));
    object.flag("receipt-approval-required", false);
    object.flag("invoice-stop", false);
    object.number("version", 1 + order % 3);
    object.nulls(&[
        "external-reference-number",
        "external-reference-type",
        "supplier-order-number",
        "supplier-site-id",
    ]);
    allocations(object, world, number, figures.total);
    account::account_type(object, "account-type");
    reference::currency(object, "currency", world, currency_of(world, order));
    reference::currency(object, "accounting-total-currency", world, 0);
    reference::commodity(object, "commodity", number % COMMODITIES.len() as u64);
    if figures.by_amount {
        object.null("uom");
        object.null("item");
    } else {
        reference::unit(object, "uom", number >> 7);
        super::item::nested_or_null(object, world, number);
    }
    super::department::some(object, "department", world, number >> 12);
    supplier::nested(object, "supplier", world, supplier_of(world, order));
    people::some(object, "requester", world, number >> 6);
    object.nulls(&[
        "contract",
        "period",
        "form-response",
        "receiving-warehouse",
        "bulk-price",
        "third-party-supplier",
    ]);
    object.empty_lists(&[
        "asset-tags",
        "attachments",
        "milestones",
        "amount-components",
    ]);
    object.attributes("custom-fields", |custom| {
        custom.either("capex", number.is_multiple_of(7), "yes", "no");
        custom.null("warranty-months");
    });
    // Still in the global namespace.
    object.text("tax-id", "");
    people::authors(object, world, number);
}

/// One account, or none and a split over several: percentages that need not be round, amounts that add up.
pub(crate) fn allocations(object: &mut Object<'_, '_>, world: &World, number: u64, total: i64) {
    if !(number >> 20).is_multiple_of(5) {
        account::some(object, "account", world, number >> 24);
        object.empty_lists(&["account-allocations"]);
        return;
    }
    object.null("account");
    let parts = 2 + (number >> 26) % 2;
    let share = total / i64::try_from(parts).unwrap_or(1);
    object.list("account-allocations", parts, |part, allocation| {
        let last = part + 1 == parts;
        allocation.number("id", 910_000 + number % 1_000_000 * 3 + part);
        let before = share * i64::try_from(parts - 1).unwrap_or(0);
        allocation.money("amount", if last { total - before } else { share }, 2);
        allocation.text(
            "pct",
            match (parts, last) {
                (2, _) => "50.0",
                (_, true) => "33.3333333334",
                _ => "33.3333333333",
            },
        );
        account::some(allocation, "account", world, (number >> 24) + part * 13);
        allocation.null("period");
        people::some(allocation, "created-by", world, number >> 9);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_line_is_computed_both_ways() {
        let mut line = 0;
        for order in 0..100 {
            assert_eq!(lines_before(order), line);
            for within in 0..lines_of(order) {
                assert_eq!(place(line), (order, within));
                line += 1;
            }
        }
    }
}
