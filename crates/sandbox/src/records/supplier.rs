use crate::object::Object;
use crate::records::{account, identity, people, reference};
use crate::resource::Resource;
use crate::vocabulary::{CITIES, COUNTRIES, FIRM_HEADS, FIRM_TAILS, FIRST_NAMES, LAST_NAMES, pick};
use crate::world::{Row, World};

/// A supplier's names and numbers, the same wherever it is shown.
struct Firm {
    index: u64,
    number: u64,
}

impl Firm {
    fn of(world: &World, index: u64) -> Self {
        Self {
            index,
            number: world.number(Resource::Suppliers, index, 1),
        }
    }

    fn name(&self, object: &mut Object<'_, '_>, field: &str) {
        let (head, tail) = (
            pick(&FIRM_HEADS, self.index),
            pick(&FIRM_TAILS, self.index / 20 + self.number % 3),
        );
        match self.index / 200 {
            0 => object.format(field, format_args!("{head} {tail}")),
            series => object.format(field, format_args!("{head} {tail} {}", series + 1)),
        }
    }

    /// Every ninth supplier was never given a number: null for some, empty for others.
    fn supplier_number(&self, object: &mut Object<'_, '_>) {
        match (self.index % 9, self.index % 2) {
            (8, 0) => object.null("number"),
            (8, _) => object.text("number", ""),
            _ => object.format("number", format_args!("V{:06}", 10_000 + self.index * 7)),
        }
    }

    fn country_index(&self) -> usize {
        pick(&CITIES, self.number >> 12).3
    }

    fn tax_id(&self, object: &mut Object<'_, '_>, field: &str) {
        let (country, _) = pick(&COUNTRIES, self.country_index() as u64);
        if self.number.is_multiple_of(12) {
            object.text(field, "");
        } else {
            object.format(
                field,
                format_args!("{country}{:09}", self.number % 1_000_000_000),
            );
        }
    }
}

/// As nested in a document: id, name, number, and no more of it than the samples show.
pub(crate) fn nested(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |supplier| {
        let firm = Firm::of(world, index);
        supplier.number("id", world.id(Resource::Suppliers, index));
        firm.name(supplier, "name");
        firm.name(supplier, "display-name");
        firm.supplier_number(supplier);
        supplier.text("status", world.row(Resource::Suppliers, index).status);
        contact(supplier, "primary-contact", &firm);
        primary_address(supplier, "primary-address", &firm);
        supplier.attributes("custom-fields", |custom| custom_fields(custom, &firm));
    });
}

/// One address bills are paid to.
pub(crate) fn remit_to(
    object: &mut Object<'_, '_>,
    supplier_index: u64,
    which: u64,
    world: &World,
) {
    let firm = Firm::of(world, supplier_index);
    object.number("id", 40_000 + supplier_index * 4 + which);
    object.format("remit-to-code", format_args!("REMIT{}", which + 1));
    firm.name(object, "name");
    reference::address_fields(object, (firm.number >> 8) + which * 16, false);
    object.flag("active", true);
    firm.tax_id(object, "vat-number");
    reference::country(object, "vat-country", firm.country_index());
    object.format(
        "local-tax-number",
        format_args!("{:010}", firm.number >> 30),
    );
    object.nulls(&["external-src-ref", "external-src-name"]);
}

/// What the supplier is registered as for tax.
pub(crate) fn tax_registration(
    object: &mut Object<'_, '_>,
    name: &str,
    world: &World,
    supplier_index: u64,
) {
    object.object(name, |registration| {
        let firm = Firm::of(world, supplier_index);
        registration.number("id", 50_000 + supplier_index);
        firm.tax_id(registration, "number");
        registration.flag("active", true);
        reference::country(registration, "country", firm.country_index());
    });
}

fn remit_to_count(supplier_index: u64) -> u64 {
    [1, 2, 0, 1][usize::try_from(supplier_index % 4).unwrap_or(0)]
}

/// The whole supplier.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let firm = Firm::of(world, row.index);
    let number = firm.number;
    identity(object, row);
    firm.name(object, "name");
    firm.name(object, "display-name");
    firm.supplier_number(object);
    object.text("status", row.status);
    object.either(
        "website",
        number.is_multiple_of(3),
        "",
        "https://supplier.example.com",
    );
    object.text("corporate-url", "");
    object.text(
        "po-method",
        pick(&["email", "cxml", "prompt", "mark_as_sent"], number),
    );
    object.text("po-change-method", "email");
    object.format(
        "po-email",
        format_args!("orders+{}@supplier.example.com", row.index),
    );
    object.text(
        "payment-method",
        pick(
            &["invoice", "virtual_card", "pcard", "invoice_only"],
            number >> 6,
        ),
    );
    object.text(
        "invoice-matching-level",
        pick(&["3-way", "2-way", "3-way-direct", "none"], number >> 9),
    );
    object.list("invoice-emails", number % 3, |which, entry| {
        entry.number("id", 30_000 + row.index * 3 + which);
        entry.format(
            "email",
            format_args!("billing{which}+{}@supplier.example.com", row.index),
        );
    });
    object.maybe(
        "default-locale",
        pick(&[None, Some("en"), Some("de")], number),
    );
    object.format(
        "account-number",
        format_args!("{:08}", (number >> 5) % 100_000_000),
    );
    object.format(
        "duns",
        format_args!("{:09}", (number >> 11) % 1_000_000_000),
    );
    firm.tax_id(object, "tax-id");
    object.flag("on-hold", number % 23 == 5);
    object.flag("buyer-hold", false);
    object.flag("hold-invoices-for-ap-review", number % 13 == 2);
    object.flag("one-time-supplier", number % 31 == 3);
    object.null("strategic-supplier");
    object.money("savings-pct", 400, 1);
    secrets(object, number);
    object.flag("allow-cxml-invoicing", number.is_multiple_of(4));
    object.flag("allow-inv-from-connect", true);
    object.flag("allow-inv-no-backing-doc-from-connect", false);
    object.flag("allow-inv-unbacked-lines-from-connect", false);
    object.flag("allow-inv-choose-billing-account", false);
    object.null("allow-csp-access-without-two-factor");
    object.flag("allow-change-requests", false);
    object.flag("send-invoices-to-approvals", false);
    object.number("order-confirmation-level", number % 3);
    object.null("confirm-by-hrs");
    object.text("type", "Supplier");
    associations(object, world, row, &firm);
}

fn associations(object: &mut Object<'_, '_>, world: &World, row: &Row, firm: &Firm) {
    let number = firm.number;
    contact(object, "primary-contact", firm);
    primary_address(object, "primary-address", firm);
    let contacts = number % 3;
    object.list("contacts", contacts, |which, person| {
        contact_fields(person, number >> (8 + which), row.index * 3 + which);
    });
    object.list(
        "remit-to-addresses",
        remit_to_count(row.index),
        |which, address| {
            remit_to(address, row.index, which, world);
            people::authors(address, world, number >> which);
        },
    );
    object.empty_lists(&[
        "restricted-account-types",
        "taggings",
        "tags",
        "diversities",
    ]);
    object.list("supplier-addresses", number % 2, |_, address| {
        bank_address(address, firm);
    });
    reference::some_payment_term(object, "payment-term", world, number >> 17);
    reference::shipping_term(object, "shipping-term", number);
    object.list("payment-types", 1, |_, kind| {
        kind.number("id", 2);
        kind.text("name", "bank_transfer");
    });
    if row.index > 10 && number.is_multiple_of(10) {
        let parent = number % row.index;
        object.object("parent", |supplier| {
            supplier.number("id", world.id(Resource::Suppliers, parent));
            Firm::of(world, parent).name(supplier, "name");
        });
    } else {
        object.null("parent");
    }
    object.list("business-groups", 1, |_, group| {
        group.number("id", world.id(Resource::BusinessGroups, 0));
        group.text("name", "Everyone");
    });
    object.list("account-types", 1, |_, chart| {
        account::account_type_fields(chart);
    });
    commodity_or_none(object, number);
    object.attributes("custom-fields", |custom| custom_fields(custom, firm));
    // Older custom fields, still in the global namespace.
    object.text("risk-level", pick(&["", "low", "medium", "high"], number));
    object.format("erp-vendor-id", format_args!("{}", 500_000 + row.index));
    people::authors(object, world, number);
}

fn commodity_or_none(object: &mut Object<'_, '_>, number: u64) {
    if number.is_multiple_of(5) {
        object.null("commodity");
    } else {
        reference::commodity(object, "commodity", number >> 3);
    }
}

/// What an integration must never keep; filled for some, null or empty for others.
fn secrets(object: &mut Object<'_, '_>, number: u64) {
    if number.is_multiple_of(4) {
        object.text("cxml-url", "https://cxml.supplier.example.com/orders");
        object.text("cxml-protocol", "cXML");
        object.format(
            "cxml-secret",
            format_args!("synthetic-{:08x}", number >> 32),
        );
        object.format(
            "cxml-invoice-secret",
            format_args!("synthetic-{:08x}", number >> 24),
        );
        object.format(
            "cxml-http-password",
            format_args!("synthetic-{:08x}", number >> 16),
        );
        object.text("cxml-http-username", "orders");
    } else {
        object.empties(&[
            "cxml-url",
            "cxml-protocol",
            "cxml-http-username",
            "cxml-invoice-secret",
        ]);
        object.nulls(&["cxml-secret", "cxml-http-password"]);
    }
    object.null("coupa-connect-secret");
    object.empties(&[
        "cxml-domain",
        "cxml-identity",
        "cxml-supplier-domain",
        "cxml-supplier-identity",
    ]);
    object.flag("disable-cert-verify", false);
}

fn custom_fields(object: &mut Object<'_, '_>, firm: &Firm) {
    object.text("vendor-class", pick(&["A", "B", "C"], firm.number >> 7));
    if firm.number.is_multiple_of(3) {
        object.format(
            "iban",
            format_args!("DE{:02}{:018}", firm.number % 90 + 10, firm.number >> 10),
        );
        object.text("bank-name", "Example Bank AG");
    } else {
        object.null("iban");
    }
    if firm.number % 4 == 1 {
        object.object("esg-rating", |rating| {
            rating.number("id", 610 + firm.number % 5);
            rating.text(
                "name",
                pick(&["Gold", "Silver", "Bronze"], firm.number >> 3),
            );
        });
    }
}

fn contact(object: &mut Object<'_, '_>, name: &str, firm: &Firm) {
    object.object(name, |person| {
        contact_fields(person, firm.number, firm.index);
    });
}

fn contact_fields(object: &mut Object<'_, '_>, number: u64, serial: u64) {
    object.number("id", 70_000 + serial);
    object.format(
        "email",
        format_args!("contact+{serial}@supplier.example.com"),
    );
    object.nulls(&["name-prefix", "name-suffix", "name-additional"]);
    object.text("name-given", pick(&FIRST_NAMES, number >> 5));
    object.text("name-family", pick(&LAST_NAMES, number >> 9));
    object.null("name-fullname");
    object.null("notes");
    phone(object, "phone-work", number);
    if number.is_multiple_of(2) {
        phone(object, "phone-mobile", number >> 4);
    }
    object.empty_lists(&["purposes"]);
}

pub(crate) fn phone(object: &mut Object<'_, '_>, name: &str, number: u64) {
    object.object(name, |phone| {
        phone.text("country-code", pick(&["1", "49", "48", "44"], number));
        phone.format("area-code", format_args!("{}", 200 + (number >> 3) % 700));
        phone.format("number", format_args!("{:07}", (number >> 13) % 10_000_000));
        phone.null("extension");
    });
}

/// An address a supplier is paid at, with its bank account.
fn bank_address(object: &mut Object<'_, '_>, firm: &Firm) {
    object.number("id", 25_000 + firm.index);
    firm.name(object, "name");
    object.text("bank-name", "Example Bank AG");
    object.format(
        "bank-account-number",
        format_args!("{:010}", firm.number >> 31),
    );
    object.format(
        "iban-number",
        format_args!("DE{:02}{:018}", firm.number % 90 + 10, firm.number >> 9),
    );
    object.text("swift-code", "EXAMDEFFXXX");
    object.null("bank-routing-number");
    reference::address_fields(object, firm.number >> 8, false);
}

fn primary_address(object: &mut Object<'_, '_>, name: &str, firm: &Firm) {
    object.object(name, |address| {
        address.number("id", 20_000 + firm.index);
        firm.name(address, "name");
        address.null("attention");
        reference::address_fields(address, firm.number >> 8, firm.index % 14 == 13);
    });
}
