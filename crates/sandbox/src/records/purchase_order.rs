use crate::object::Object;
use crate::records::order_line::{currency_of, lines_before, lines_of, order_total, supplier_of};
use crate::records::{exported, identity, order_line, people, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

/// The whole purchase order with its lines.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let order = row.index;
    let number = world.number(Resource::PurchaseOrders, order, 4);
    identity(object, row);
    object.format("po-number", format_args!("{}", row.id));
    object.text("status", row.status);
    object.text("transmission-status", transmission(row.status, number));
    object.flag("acknowledged-flag", number.is_multiple_of(3));
    object.maybe_instant(
        "acknowledged-at",
        number
            .is_multiple_of(3)
            .then(|| row.at(row.created + 86_400)),
    );
    object.number("version", 1 + order % 3);
    object.number("internal-revision", 1 + order % 3);
    exported(object, row);
    if object.wants("total") || object.wants("total-with-estimated-tax") {
        let total = order_total(world, order);
        object.money(
            "total",
            total,
            [2, 4][usize::from(number.is_multiple_of(5))],
        );
        object.money("total-with-estimated-tax", total + total / 10, 2);
    }
    object.text("type", "ExternalOrderHeader");
    object.maybe(
        "classification",
        pick(&[None, Some("supplier")], number >> 3),
    );
    object.maybe("change-type", pick(&[None, Some("revision")], order / 3));
    object.maybe(
        "payment-method",
        pick(&[Some("invoice"), None, Some("pcard")], number),
    );
    object.flag("hide-price", false);
    object.flag("price-hidden", false);
    object.flag("invoice-stop", number % 29 == 4);
    object.text("ship-to-attention", "");
    object.text("transmission-method-override", "supplier_default");
    object.text("transmission-emails", "");
    object.nulls(&[
        "pcard",
        "supplier-site",
        "confirm-by-hrs",
        "coupa-accelerate-status",
    ]);
    object.number("order-confirmation-level", number % 3);
    requisition(object, world, row, number);
    people::some(object, "requester", world, number >> 6);
    people::some(object, "ship-to-user", world, number >> 6);
    reference::some_address(object, "ship-to-address", world, number >> 11);
    supplier::nested(object, "supplier", world, supplier_of(world, order));
    reference::some_payment_term(object, "payment-term", world, number >> 15);
    reference::shipping_term(object, "shipping-term", number >> 18);
    reference::currency(object, "currency", world, currency_of(world, order));
    let first = lines_before(order);
    object.list("order-lines", lines_of(order), |within, line| {
        let line_row = world.row(Resource::PurchaseOrderLines, first + within);
        order_line::fill(line, world, &line_row, order, within);
    });
    object.empty_lists(&["attachments", "milestones", "reason-insight-events"]);
    object.empty_lists(&["current-integration-history-records"]);
    object.attributes("custom-fields", |custom| {
        custom.format(
            "erp-company",
            format_args!("{:04}", 1_000 + order % 4 * 100),
        );
        custom.either(
            "confirmed-by-buyer",
            number.is_multiple_of(2),
            "true",
            "false",
        );
        if number.is_multiple_of(3) {
            custom.object("delivery-window", |window| {
                window.number("id", 77);
                window.text("name", "Mornings");
            });
        }
    });
    // Older custom fields, still in the global namespace: one empty, one null, one filled.
    object.text("project2", pick(&["DBA1", "", "Relocation"], number));
    object.null("custom-field-4");
    people::authors(object, world, number);
}

fn transmission(status: &str, number: u64) -> &'static str {
    match status {
        "draft" => "created",
        "buyer_hold" | "currency_hold" | "supplier_hold" | "supplier_window_hold" => "deferred",
        "error" => "failed",
        _ => pick(
            &["sent_via_email", "sent_via_cxml", "marked_as_sent"],
            number >> 5,
        ),
    }
}

fn requisition(object: &mut Object<'_, '_>, world: &World, row: &Row, number: u64) {
    let count = world.count(Resource::Requisitions);
    if count == 0 || number.is_multiple_of(12) {
        object.null("requisition-header");
        return;
    }
    object.object("requisition-header", |header| {
        let index = row.index % count;
        header.number("id", world.id(Resource::Requisitions, index));
        header.text("status", world.row(Resource::Requisitions, index).status);
        header.instant("created-at", row.at(row.created - 3 * 86_400));
        people::some(header, "requester", world, number >> 6);
    });
}
