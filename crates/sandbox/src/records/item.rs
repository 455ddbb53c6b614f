use crate::object::Object;
use crate::records::{people, reference};
use crate::resource::Resource;
use crate::vocabulary::{GOODS, pick};
use crate::world::{Row, World};

fn key_fields(object: &mut Object<'_, '_>, world: &World, index: u64) {
    object.number("id", world.id(Resource::Items, index));
    match index / 16 {
        0 => object.text("name", pick(&GOODS, index)),
        series => object.format(
            "name",
            format_args!("{} ({})", pick(&GOODS, index), series + 1),
        ),
    }
    object.format("item-number", format_args!("{}", 3_200 + index));
    object.format(
        "description",
        format_args!("{}\tas listed;\nlead time 5 days", pick(&GOODS, index)),
    );
    object.flag("active", index % 19 != 18);
}

/// A line bought from no catalogue has no item.
pub(crate) fn nested_or_null(object: &mut Object<'_, '_>, world: &World, number: u64) {
    if number.is_multiple_of(4) {
        object.null("item");
        return;
    }
    object.object("item", |item| {
        let index = world.any(Resource::Items, number >> 15);
        key_fields(item, world, index);
        reference::commodity(item, "commodity", index);
        reference::unit(item, "uom", index);
    });
}

pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::Items, row.index, 1);
    key_fields(object, world, row.index);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
    object.text("item-type", "Item");
    object.maybe(
        "manufacturer-name",
        pick(&[None, Some("Basalt Instruments"), Some("")], number),
    );
    object.maybe(
        "manufacturer-part-number",
        pick(&[None, Some("BI-0042/7")], number),
    );
    object.flag("allow-partial-quantity", number.is_multiple_of(3));
    object.flag("use-pack-weight", false);
    object.flag("receive-catch-weight", false);
    object.flag("require-inspection", false);
    object.nulls(&[
        "image-url",
        "external-image-url",
        "net-weight",
        "pack-qty",
        "pack-weight",
        "net-weight-uom",
    ]);
    object.nulls(&[
        "consumption-quantity",
        "storage-quantity",
        "connect-item-id",
        "inventory-lot-expiration-type",
    ]);
    object.text("reorder-point", "0.0");
    object.empty_lists(&["reorder-alerts"]);
    reference::commodity(object, "commodity", row.index);
    reference::unit(object, "uom", row.index);
    object.attributes("custom-fields", |custom| {
        custom.either("hazardous", number.is_multiple_of(9), "yes", "no");
    });
    people::authors(object, world, number);
}
