use crate::object::Object;
use crate::records::order_line::{self, Figures, allocations, currency_of, place};
use crate::records::{exported, identity, item, people, reference};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

/// The whole receipt, of one order line.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::ReceivingTransactions, row.index, 1);
    let line = world.any(
        Resource::PurchaseOrderLines,
        row.index.wrapping_mul(5) + number % 3,
    );
    let (order, within) = place(line);
    let figures = Figures::of(world, line);
    identity(object, row);
    object.either(
        "type",
        figures.by_amount,
        "ReceivingAmountConsumption",
        "ReceivingQuantityConsumption",
    );
    object.text("status", row.status);
    exported(object, row);
    object.instant("transaction-date", row.at(row.created - 600));
    if figures.by_amount {
        object.null("quantity");
    } else {
        object.money("quantity", figures.quantity, 1);
    }
    object.money("price", figures.price, figures.scale());
    object.money("total", figures.total, 2);
    object.maybe("barcode", pick(&[Some("4433"), Some(""), None], number));
    object.text("rfid-tag", "");
    object.nulls(&[
        "match-reference",
        "original-transaction-id",
        "received-weight",
        "voided-value",
        "comments",
    ]);
    object.flag("soft-close-for-receiving", false);
    allocations(object, world, figures.number, figures.total);
    reference::currency(object, "currency", world, currency_of(world, order));
    if figures.by_amount {
        object.nulls(&["uom", "item"]);
    } else {
        reference::unit(object, "uom", figures.number >> 7);
        item::nested_or_null(object, world, figures.number);
    }
    object.object("order-line", |nested| {
        let line_row = world.row(Resource::PurchaseOrderLines, line);
        order_line::fill(nested, world, &line_row, order, within);
    });
    object.nulls(&[
        "asn-header",
        "asn-line",
        "from-warehouse",
        "from-warehouse-location",
        "to-warehouse",
        "inspection-code",
    ]);
    object.nulls(&[
        "to-warehouse-location",
        "receipt",
        "receiving-form-response",
        "reason-insight",
        "adjustment-code",
    ]);
    object.empty_lists(&[
        "asset-tags",
        "attachments",
        "inventory-transaction-lots",
        "inventory-transaction-valuations",
    ]);
    object.empty_lists(&["current-integration-history-records"]);
    object.attributes("custom-fields", |custom| {
        custom.text("dock", pick(&["North", "South", ""], number));
    });
    people::authors(object, world, number);
}
