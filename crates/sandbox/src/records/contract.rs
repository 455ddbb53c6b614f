use crate::object::Object;
use crate::records::{account, department, identity, people, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

const DAY: i64 = 86_400;

/// The whole contract.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::Contracts, row.index, 1);
    let maximum = i64::try_from(10_000 + number % 900_000).unwrap_or(10_000) * 100;
    identity(object, row);
    object.format(
        "name",
        format_args!("Framework agreement {}", row.index + 1),
    );
    if number.is_multiple_of(8) {
        object.null("number");
    } else {
        object.format(
            "number",
            format_args!("C-{:04}-{:03}", 2022 + row.index % 4, row.index + 1),
        );
    }
    object.text("status", row.status);
    object.text("type", "MasterContract");
    object.number("version", 1 + number % 3);
    object.instant("start-date", row.at(row.created + 14 * DAY));
    if number.is_multiple_of(5) {
        object.null("end-date");
    } else {
        object.instant("end-date", row.at(row.created + 744 * DAY));
    }
    object.text(
        "term-type",
        pick(&["fixed", "auto_renew", "perpetual"], number),
    );
    object.money("maximum-value", maximum, 2);
    object.money("minimum-value", 0, 2);
    object.money("max-commit", maximum, 4);
    object.money("min-commit", 0, 1);
    object.text("savings-pct", "10.0");
    object.maybe("description", pick(&[None, Some("")], number));
    object.text(
        "consent",
        pick(&["notice", "consent", "not_required"], number),
    );
    object.text("length-of-notice-unit", "days");
    object.text("length-of-notice-value", "30");
    object.text("termination-notice", "no");
    object.flag("auto-extend-end-date-for-renewal", false);
    object.flag("is-default", false);
    object.flag("supplier-invoiceable", number.is_multiple_of(2));
    object.flag("terminated", false);
    object.flag("use-order-windows", false);
    object.flag("used-for-buying", true);
    object.nulls(&[
        "amended-contract-type",
        "execution-date",
        "legal-agreement-url",
        "no-of-renewals",
        "published-date",
    ]);
    object.nulls(&[
        "order-window-tz",
        "po-message",
        "preferred",
        "renewal-length-unit",
        "renewal-length-value",
    ]);
    object.nulls(&[
        "requisition-message",
        "source-type",
        "supplier-account",
        "terms",
        "schedule",
        "submitter",
        "parent",
    ]);
    object.nulls(&[
        "current-approval",
        "stop-spend-based-on-max-value",
        "strict-invoicing-rules",
    ]);
    associations(object, world, number);
}

fn associations(object: &mut Object<'_, '_>, world: &World, number: u64) {
    object.object("contract-type", |kind| {
        kind.number("id", 1 + number % 3);
        kind.text("name", pick(&["Goods", "Services", "Licences"], number));
    });
    object.text("contract-type-custom-field-1", "");
    object.null("contract-type-custom-field-2");
    reference::some_currency(object, "currency", world, number >> 6);
    people::some(object, "contract-owner", world, number >> 10);
    supplier::nested(
        object,
        "supplier",
        world,
        world.any(Resource::Suppliers, number >> 14),
    );
    department::some(object, "department", world, number >> 18);
    account::some(object, "default-account", world, number >> 22);
    reference::some_payment_term(object, "payment-term", world, number >> 26);
    reference::shipping_term(object, "shipping-term", number >> 30);
    object.empty_lists(&[
        "content-groups",
        "contract-terms",
        "tags",
        "taggings",
        "current-parallel-approvals",
    ]);
    object.text("contract-region", pick(&["NA", "EMEA", ""], number));
    object.attributes("custom-fields", |custom| {
        custom.flag("gdpr-annex", number.is_multiple_of(2));
    });
    people::authors(object, world, number);
}
