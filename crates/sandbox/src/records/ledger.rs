//! Small reference data of the ledger and the company: currencies, rates, terms, addresses, groups, projects.

use crate::object::Object;
use crate::records::{department, identity, people, reference};
use crate::resource::Resource;
use crate::vocabulary::{CURRENCIES, pick};
use crate::world::{Row, World};

const DAY: i64 = 86_400;

/// A currency carries no times.
pub(crate) fn currency(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let (code, name, symbol, decimals) = pick(&CURRENCIES, row.index);
    object.number("id", row.id);
    object.text("code", code);
    object.text("name", name);
    object.text("symbol", symbol);
    object.number("decimals", u64::from(decimals));
    object.flag("enabled-flag", row.index < 9);
    people::authors(
        object,
        world,
        world.number(Resource::Currencies, row.index, 1),
    );
}

/// A rate of one day into the first currency; nine decimals.
pub(crate) fn exchange_rate(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::ExchangeRates, row.index, 1);
    let others = world.count(Resource::Currencies).max(2) - 1;
    identity(object, row);
    reference::some_currency(object, "from-currency", world, 1 + row.index % others);
    reference::currency(object, "to-currency", world, 0);
    object.format(
        "rate",
        format_args!("{}.{:09}", number % 3, (number >> 10) % 1_000_000_000),
    );
    let day = row.created - row.created.rem_euclid(DAY) + 7 * 3_600;
    object.instant("rate-date", row.at(day));
    people::authors(object, world, number);
}

pub(crate) fn payment_term(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    identity(object, row);
    reference::payment_term_fields(object, row.index);
    object.text("type", "DaysAfterNetPaymentTerm");
    object.nulls(&[
        "discount-cutoff-day",
        "discount-due-day",
        "discount-due-month",
        "net-cutoff-day",
        "net-due-month",
    ]);
    object.null("net-due-day");
    object.empty_lists(&["content-groups"]);
    people::authors(
        object,
        world,
        world.number(Resource::PaymentTerms, row.index, 1),
    );
}

pub(crate) fn address(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::Addresses, row.index, 1);
    identity(object, row);
    reference::address_name(object, row.index, number);
    object.text("attention", "");
    reference::address_fields(object, number, number.is_multiple_of(11));
    object.flag("active", true);
    object.null("business-group-name");
    object.maybe(
        "vat-number",
        number.is_multiple_of(4).then_some("DE000000000"),
    );
    object.nulls(&[
        "vat-country",
        "local-tax-number",
        "external-src-ref",
        "external-src-name",
        "state-iso-code",
    ]);
    object.empty_lists(&["content-groups", "purposes", "tax-registrations"]);
    people::authors(object, world, number);
}

pub(crate) fn business_group(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    identity(object, row);
    match row.index {
        0 => object.text("name", "Everyone"),
        other => object.format("name", format_args!("Region {other}")),
    }
    object.maybe("description", pick(&[None, Some("")], row.index));
    people::authors(
        object,
        world,
        world.number(Resource::BusinessGroups, row.index, 1),
    );
}

pub(crate) fn project(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::Projects, row.index, 1);
    identity(object, row);
    object.format("name", format_args!("Project {:03}", row.index + 1));
    object.maybe(
        "description",
        pick(&[Some("Packing line"), None, Some("")], number),
    );
    object.text("status", row.status);
    object.flag("active", row.status != "complete");
    object.flag("open", row.status != "complete");
    object.number("completion-percentage", number % 101);
    object.format(
        "external-reference-number",
        format_args!("PRJ-{:03}", row.index + 1),
    );
    object.format("mention-name", format_args!("prj{:03}", row.index + 1));
    object.instant("start-date", row.at(row.created));
    if number.is_multiple_of(3) {
        object.null("end-date");
    } else {
        object.instant("end-date", row.at(row.created + 400 * DAY));
    }
    object.text("additional-planned-savings", "12000.00");
    object.text("additional-negotiated-savings", "0.0");
    object.text("additional-realized-savings", "0.0");
    object.nulls(&[
        "commodity-id",
        "commodity",
        "copy-project-id",
        "template-group",
    ]);
    department::some(object, "department", world, number >> 7);
    object.list("users", 1 + number % 3, |which, user| {
        people::fields(
            user,
            world,
            world.any(Resource::Users, (number >> 11) + which),
        );
    });
    object.empty_lists(&["content-groups", "taggings"]);
    object.attributes("custom-fields", |custom| {
        custom.flag("capex", number.is_multiple_of(2));
    });
    people::authors(object, world, number);
}

/// A record of the one custom object there is; its own fields stand at the root.
pub(crate) fn custom_object(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::CustomObjects, row.index, 1);
    identity(object, row);
    object.text("custom-object-code", "plant_gate");
    object.text("custom-object-name", "Plant gate");
    object.number("form-response-id", 7_001 + row.index);
    object.format("gate-name", format_args!("Gate {}", row.index + 1));
    object.text("open-hours", pick(&["06-22", "00-24", ""], number));
    people::authors(object, world, number);
}
