//! How reference data is shown inside other records: by index, or by any number (`some_…`).

use crate::object::Object;
use crate::resource::Resource;
use crate::vocabulary::{
    CITIES, COMMODITIES, COUNTRIES, CURRENCIES, PAYMENT_TERMS, STREETS, TAX_CODES, UNITS, pick,
};
use crate::world::World;

pub(crate) fn currency(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |currency| {
        let (code, _, _, decimals) = pick(&CURRENCIES, index);
        currency.number("id", world.id(Resource::Currencies, index));
        currency.text("code", code);
        currency.number("decimals", u64::from(decimals));
    });
}

pub(crate) fn some_currency(object: &mut Object<'_, '_>, name: &str, world: &World, number: u64) {
    currency(object, name, world, world.any(Resource::Currencies, number));
}

/// Country ids are the provider's own list; 223 is the United States in every published sample.
pub(crate) fn country(object: &mut Object<'_, '_>, name: &str, index: usize) {
    object.object(name, |country| {
        let (code, full) = pick(&COUNTRIES, index as u64);
        country.number("id", 223 - 11 * index as u64);
        country.text("code", code);
        country.text("name", full);
    });
}

pub(crate) fn payment_term(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |term| {
        term.number("id", world.id(Resource::PaymentTerms, index));
        payment_term_fields(term, index);
    });
}

pub(crate) fn some_payment_term(
    object: &mut Object<'_, '_>,
    name: &str,
    world: &World,
    number: u64,
) {
    payment_term(
        object,
        name,
        world,
        world.any(Resource::PaymentTerms, number),
    );
}

pub(crate) fn payment_term_fields(object: &mut Object<'_, '_>, index: u64) {
    let term = pick(&PAYMENT_TERMS, index);
    match index / PAYMENT_TERMS.len() as u64 {
        0 => object.text("code", term.code),
        series => object.format("code", format_args!("{} ({})", term.code, series + 1)),
    }
    object.text("description", term.description);
    object.number("days-for-net-payment", term.net_days);
    match term.discount {
        Some((days, rate)) => {
            object.number("days-for-discount-payment", days);
            object.text("discount-rate", rate);
        }
        None => object.nulls(&["days-for-discount-payment", "discount-rate"]),
    }
    object.flag("active", true);
}

pub(crate) fn shipping_term(object: &mut Object<'_, '_>, name: &str, number: u64) {
    object.object(name, |term| {
        let (id, code) = pick(
            &[(1, "UPS - Ground"), (2, "DAP"), (3, "EXW"), (4, "FOB")],
            number,
        );
        term.number("id", id);
        term.text("code", code);
        term.text("description", "");
        term.flag("active", true);
    });
}

pub(crate) fn commodity(object: &mut Object<'_, '_>, name: &str, number: u64) {
    object.object(name, |commodity| {
        let which = number % COMMODITIES.len() as u64;
        commodity.number("id", 2 + which);
        commodity.text("name", pick(&COMMODITIES, which));
        commodity.flag("active", true);
        commodity.either("category", which < 3, "goods", "services");
        commodity.null("subcategory");
        commodity.null("deductibility");
        commodity.attributes("custom-fields", |custom| {
            custom.format("unspsc-segment", format_args!("{}000000", 43 + which));
        });
    });
}

pub(crate) fn unit(object: &mut Object<'_, '_>, name: &str, number: u64) {
    object.object(name, |unit| {
        let which = number % UNITS.len() as u64;
        let (code, full) = pick(&UNITS, which);
        unit.number("id", which + 1);
        unit.text("code", code);
        unit.text("name", full);
    });
}

pub(crate) fn tax_code(object: &mut Object<'_, '_>, name: &str, which: u64) {
    object.object(name, |tax| {
        let (code, description, percentage, country_index) = pick(&TAX_CODES, which);
        tax.number("id", which + 1);
        tax.text("code", code);
        tax.text("description", description);
        tax.text("percentage", percentage);
        tax.flag("active", true);
        country(tax, "country", country_index);
    });
}

/// The four street lines and what follows; some addresses know their country only as a word.
pub(crate) fn address_fields(object: &mut Object<'_, '_>, number: u64, country_as_word: bool) {
    let (city, state, postal_code, country_index) = pick(&CITIES, number >> 4);
    object.format(
        "street1",
        format_args!(
            "{} {}",
            1 + (number >> 8) % 280,
            pick(&STREETS, number >> 4)
        ),
    );
    object.either("street2", number.is_multiple_of(3), "Building C", "");
    object.nulls(&["street3", "street4"]);
    object.text("city", city);
    object.text("state", state);
    object.text("postal-code", postal_code);
    if country_as_word {
        object.text("country", pick(&COUNTRIES, country_index as u64).1);
    } else {
        country(object, "country", country_index);
    }
}

/// An address of the company, as nested in documents.
pub(crate) fn address(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |address| {
        let number = world.number(Resource::Addresses, index, 1);
        address.number("id", world.id(Resource::Addresses, index));
        address_name(address, index, number);
        address.text("attention", "");
        address_fields(address, number, number.is_multiple_of(11));
        address.flag("active", true);
        address.null("vat-number");
    });
}

pub(crate) fn some_address(object: &mut Object<'_, '_>, name: &str, world: &World, number: u64) {
    address(object, name, world, world.any(Resource::Addresses, number));
}

pub(crate) fn address_name(object: &mut Object<'_, '_>, index: u64, number: u64) {
    let (city, ..) = pick(&CITIES, number >> 4);
    if number.is_multiple_of(7) {
        object.null("name");
    } else {
        object.format("name", format_args!("{city} Office {}", index + 1));
    }
    object.format("location-code", format_args!("LOC-{:03}", index + 1));
}
