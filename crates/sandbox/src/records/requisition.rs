use crate::object::Object;
use crate::records::order_line::{allocations, lines_before, supplier_of};
use crate::records::{department, exported, identity, item, people, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::{GOODS, pick};
use crate::world::{Row, World};

const DAY: i64 = 86_400;

fn lines_of(number: u64) -> u64 {
    1 + number % 3
}

struct Figures {
    number: u64,
    unit_price: i64,
    quantity: i64,
    total: i64,
}

fn figures(world: &World, requisition: u64, within: u64) -> Figures {
    let number = world.number(Resource::Requisitions, requisition * 4 + within, 2);
    let unit_price = i64::try_from(500 + (number >> 10) % 90_000).unwrap_or(500);
    let quantity = i64::try_from(1 + (number >> 30) % 12).unwrap_or(1);
    Figures {
        number,
        unit_price,
        quantity,
        total: unit_price * quantity,
    }
}

/// The whole requisition with its lines.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::Requisitions, row.index, 1);
    let lines = lines_of(number);
    let total: i64 = (0..lines)
        .map(|within| figures(world, row.index, within).total)
        .sum();
    let submitted = !matches!(row.status, "draft" | "cart");
    identity(object, row);
    match number % 5 {
        0 => object.null("req-title"),
        1 => object.text("req-title", ""),
        _ => object.format(
            "req-title",
            format_args!(
                "{} for project {}",
                pick(&GOODS, number >> 4),
                row.index % 15
            ),
        ),
    }
    object.text("status", row.status);
    exported(object, row);
    object.maybe_instant("submitted-at", submitted.then(|| row.at(row.created + 600)));
    object.instant("need-by-date", row.at(row.created + 21 * DAY));
    object.money(
        "total",
        total,
        [2, 1][usize::from(number.is_multiple_of(7))],
    );
    object.money("mobile-total", total, 2);
    object.number("line-count", lines);
    object.maybe(
        "justification",
        pick(
            &[None, Some(""), Some("Stock below two weeks")],
            number >> 3,
        ),
    );
    object.nulls(&[
        "buyer-note",
        "external-po-reference",
        "reject-reason-comment",
        "receiving-warehouse-id",
        "pcard",
    ]);
    object.flag("hide-price", false);
    object.flag("price-hidden", false);
    object.text(
        "ship-to-attention",
        people::Person::of(world, requester(world, number))
            .login
            .as_str(),
    );
    reference::some_currency(object, "currency", world, number % 3);
    reference::currency(object, "mobile-currency", world, 0);
    if number.is_multiple_of(6) {
        object.null("department");
    } else {
        department::some(object, "department", world, number >> 12);
    }
    people::nested(object, "requested-by", world, requester(world, number));
    people::nested(object, "requester", world, requester(world, number));
    reference::some_address(object, "ship-to-address", world, number >> 18);
    approvals(object, world, row, number, submitted);
    object.nulls(&["approver", "current-approval"]);
    object.list("requisition-lines", lines, |within, line| {
        fill_line(line, world, row, within);
    });
    object.empty_lists(&[
        "attachments",
        "milestones",
        "tags",
        "taggings",
        "recurring-rules",
        "current-parallel-approvals",
    ]);
    object.attributes("custom-fields", |custom| {
        custom.either("budget-checked", number.is_multiple_of(2), "yes", "no");
        custom.null("quote-reference");
    });
    object.text("height-passthrough", "");
    object.null("custom-attach");
    people::authors(object, world, number);
}

fn requester(world: &World, number: u64) -> u64 {
    world.any(Resource::Users, number >> 24)
}

fn approvals(object: &mut Object<'_, '_>, world: &World, row: &Row, number: u64, submitted: bool) {
    let steps = if submitted { 1 + number % 2 } else { 0 };
    object.list("approvals", steps, |step, approval| {
        let pending = row.status == "pending_approval" && step + 1 == steps;
        approval.number("id", row.id * 4 + step);
        approval.number("position", step + 1);
        approval.either("status", pending, "pending_approval", "approved");
        approval.number("approval-chain-id", 33);
        approval.maybe_instant(
            "approval-date",
            (!pending).then(|| row.at(row.created + 7_200)),
        );
        approval.text("note", "");
        approval.text("type", "UserApproval");
        approval.text("approvable-type", "RequisitionHeader");
        people::some(approval, "approver", world, (number >> 28) + step);
    });
}

fn fill_line(object: &mut Object<'_, '_>, world: &World, row: &Row, within: u64) {
    let Figures {
        number,
        unit_price,
        quantity,
        total,
    } = figures(world, row.index, within);
    object.number("id", row.id * 4 + within);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
    // A number here, a string on order lines.
    object.number("line-num", within + 1);
    object.null("sub-line-num");
    object.text("line-type", "RequisitionQuantityLine");
    object.text("description", pick(&GOODS, number >> 4));
    object.money("quantity", quantity * 100, 1);
    object.money(
        "unit-price",
        unit_price,
        [2, 4][usize::from(number.is_multiple_of(3))],
    );
    object.money("total", total, 2);
    object.text("status", row.status);
    object.instant("need-by-date", row.at(row.created + 21 * DAY));
    let ordered =
        row.status == "ordered" && row.index < world.count(Resource::PurchaseOrders) && within == 0;
    if ordered {
        object.number(
            "order-line-id",
            world.id(Resource::PurchaseOrderLines, lines_before(row.index)),
        );
    } else {
        object.null("order-line-id");
    }
    object.text("source-part-num", "");
    object.text("source-type", "Non-Catalog Request");
    object.flag("receipt-required", true);
    object.nulls(&[
        "manufacturer-name",
        "manufacturer-part-number",
        "minimum-order-quantity",
        "supplier-site",
        "contract",
    ]);
    object.nulls(&[
        "payment-term",
        "shipping-term",
        "period",
        "form-response",
        "unspsc-code",
        "easy-form-response-id",
    ]);
    allocations(object, world, number, total);
    reference::some_currency(object, "currency", world, number % 3);
    reference::commodity(object, "commodity", number >> 2);
    reference::unit(object, "uom", number >> 7);
    item::nested_or_null(object, world, number);
    if number.is_multiple_of(4) {
        object.null("supplier");
    } else {
        let order = world.any(Resource::PurchaseOrders, row.index);
        supplier::nested(object, "supplier", world, supplier_of(world, order));
    }
    object.empty_lists(&[
        "asset-tags",
        "attachments",
        "milestones",
        "tags",
        "taggings",
    ]);
    object.attributes("custom-fields", |custom| custom.text("capex", "no"));
    people::authors(object, world, number);
}
