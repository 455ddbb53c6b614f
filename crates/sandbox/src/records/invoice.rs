use crate::object::Object;
use crate::records::order_line::{Figures, currency_of, lines_before, lines_of, supplier_of};
use crate::records::{account, exported, identity, invoice_line, people, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::{TAX_CODES, pick};
use crate::world::{Row, World};

const DAY: i64 = 86_400;

/// What an invoice bills: an order, its supplier and the sums.
pub(crate) struct Bill {
    pub(crate) number: u64,
    pub(crate) order: u64,
    pub(crate) credit: bool,
    pub(crate) tax: u64,
    pub(crate) net: i64,
    pub(crate) tax_amount: i64,
    pub(crate) shipping: i64,
    pub(crate) handling: i64,
}

impl Bill {
    pub(crate) fn of(world: &World, index: u64) -> Self {
        let number = world.number(Resource::Invoices, index, 1);
        let order = world.any(
            Resource::PurchaseOrders,
            index.wrapping_mul(7).wrapping_add(number % 5),
        );
        let credit = index % 14 == 6;
        let tax = (number >> 8) % TAX_CODES.len() as u64;
        let sign = if credit { -1 } else { 1 };
        let first = lines_before(order);
        let net: i64 = (first..first + lines_of(order))
            .map(|line| Figures::of(world, line).total)
            .sum();
        let shipping = if number.is_multiple_of(3) { 1_500 } else { 0 };
        let handling = if number.is_multiple_of(8) { 425 } else { 0 };
        Self {
            number,
            order,
            credit,
            tax,
            net: sign * net,
            tax_amount: sign * tax_on(net, tax),
            shipping: sign * shipping,
            handling: sign * handling,
        }
    }

    /// A credit note's amounts are negative.
    pub(crate) fn sign(&self) -> i64 {
        if self.credit { -1 } else { 1 }
    }

    pub(crate) fn tax_of(&self, line: &Figures) -> i64 {
        self.sign() * tax_on(line.total, self.tax)
    }

    pub(crate) fn total(&self) -> i64 {
        self.net + self.tax_amount + self.shipping + self.handling
    }

    fn scale(&self) -> usize {
        [2, 1, 4, 2][usize::try_from((self.number >> 44) % 4).unwrap_or(0)]
    }
}

/// Rounded half up to hundredths.
fn tax_on(net: i64, which: u64) -> i64 {
    let percent: i64 = match which {
        1 => 19,
        2 => 23,
        3 | 4 => 20,
        5 => 10,
        _ => 0,
    };
    (net * percent + 50) / 100
}

/// The payment that pays this invoice, if one does.
pub(crate) fn payment_of(world: &World, index: u64) -> Option<u64> {
    (index % 4 == 1 && index / 4 < world.count(Resource::Payments)).then_some(index / 4)
}

pub(crate) fn invoice_number(object: &mut Object<'_, '_>, name: &str, index: u64, number: u64) {
    match number % 9 {
        0 => object.format(name, format_args!("{}", 500 + index)),
        1 => object.format(name, format_args!("RE/{:04}/{index:06}", 2023 + index % 4)),
        2 => object.format(name, format_args!("000{index:07}")),
        _ => object.format(name, format_args!("INV-{:07}", 1_000_000 + index)),
    }
}

/// The whole invoice, 10 to 29 KB of it.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let bill = Bill::of(world, row.index);
    let number = bill.number;
    identity(object, row);
    invoice_number(object, "invoice-number", row.index, number);
    object.either("document-type", bill.credit, "Credit Note", "Invoice");
    object.flag("is-credit-note", bill.credit);
    object.text("status", row.status);
    exported(object, row);
    dates(object, world, row, &bill);
    amounts(object, world, row, &bill);
    header(object, world, row, &bill);
    let currency = currency_of(world, bill.order);
    let supplier_index = supplier_of(world, bill.order);
    reference::currency(object, "currency", world, currency);
    supplier::nested(object, "supplier", world, supplier_index);
    reference::some_payment_term(object, "payment-term", world, number >> 15);
    reference::shipping_term(object, "shipping-term", number >> 18);
    account::account_type(object, "account-type");
    reference::some_address(object, "bill-to-address", world, number >> 21);
    reference::some_address(object, "ship-to-address", world, number >> 25);
    object.object("remit-to-address", |address| {
        supplier::remit_to(address, supplier_index, 0, world);
    });
    object.object("supplier-remit-to", |address| {
        supplier::remit_to(address, supplier_index, 0, world);
    });
    supplier::tax_registration(object, "supplier-tax-registration", world, supplier_index);
    object.object("buyer-tax-registration", |registration| {
        registration.number("id", 41);
        registration.text("number", "DE000000041");
        reference::country(registration, "country", 1);
    });
    people::some(object, "requested-by", world, number >> 30);
    reference::tax_code(object, "tax-code", bill.tax);
    let first = lines_before(bill.order);
    object.list("invoice-lines", lines_of(bill.order), |within, line| {
        invoice_line::fill(line, world, row, &bill, first + within, within);
    });
    charges(object, world, row, &bill);
    header_tax(object, row, &bill);
    payments(object, world, row, &bill);
    object.empty_lists(&[
        "attachments",
        "approvals",
        "taggings",
        "tags",
        "dispute-reasons",
        "failed-tolerances",
    ]);
    object.empty_lists(&[
        "withholding-tax-lines",
        "reconciliation-lines",
        "current-integration-history-records",
    ]);
    custom_fields(object, world, row, number);
    people::authors(object, world, number);
}

fn dates(object: &mut Object<'_, '_>, world: &World, row: &Row, bill: &Bill) {
    let invoiced = row.created - i64::try_from(bill.number % 5).unwrap_or(0) * DAY;
    object.instant(
        "invoice-date",
        row.at(invoiced - invoiced.rem_euclid(DAY) + 7 * 3_600),
    );
    object.instant("date-received", row.at(row.created));
    if bill.number.is_multiple_of(10) {
        object.null("net-due-date");
    } else {
        object.instant("net-due-date", row.at(invoiced + 45 * DAY));
    }
    object.null("discount-due-date");
    object.null("delivery-date");
    let paid = payment_of(world, row.index).is_some();
    object.flag("paid", paid);
    if paid {
        object.instant("payment-date", row.at(row.updated - 3_600));
    } else if bill.number.is_multiple_of(2) {
        object.null("payment-date");
    } else {
        object.text("payment-date", "");
    }
}

fn amounts(object: &mut Object<'_, '_>, world: &World, row: &Row, bill: &Bill) {
    let scale = bill.scale();
    object.money("gross-total", bill.total(), scale);
    object.money("total-with-taxes", bill.total(), 2);
    object.money("supplier-total", bill.total(), scale);
    object.money("tax-amount", bill.tax_amount, scale);
    object.money("tax-due-to-supplier", bill.tax_amount, 4);
    object.money("shipping-amount", bill.shipping, 1);
    object.money("handling-amount", bill.handling, 1);
    object.money("misc-amount", 0, 1);
    object.money("discount-amount", 0, 2);
    object.null("discount-percent");
    object.money("gross-total-less-discount", bill.total(), 2);
    object.money("net-total-less-discount", bill.net, 2);
    object.money("total-taxes-less-discount", bill.tax_amount, 2);
    let due = if payment_of(world, row.index).is_some() {
        0
    } else {
        bill.total()
    };
    object.money("amount-due-less-discount", due, 2);
    object.text(
        "exchange-rate",
        pick(
            &["1.0", "1.0842", "0.233100000"],
            currency_of(world, bill.order),
        ),
    );
    object.text("tax-rate", pick(&TAX_CODES, bill.tax).2);
    object.null("origin-currency-gross");
    object.null("origin-currency-net");
}

fn header(object: &mut Object<'_, '_>, world: &World, row: &Row, bill: &Bill) {
    let number = bill.number;
    object.either(
        "comments",
        number % 6 == 1,
        "Please pay \"as soon as possible\"\n— thanks & regards",
        "",
    );
    object.text("internal-note", "");
    object.maybe(
        "supplier-note",
        pick(
            &[None, Some(""), Some("Ref. framework agreement")],
            number >> 3,
        ),
    );
    object.null("payment-notes");
    object.maybe(
        "payment-method",
        pick(&[Some("invoice"), None, Some("")], number >> 5),
    );
    object.text("payment-channel", pick(&["erp", "coupa_pay"], number));
    if bill.credit && row.index > 0 {
        let original = row.index - 1;
        let original_number = world.number(Resource::Invoices, original, 1);
        invoice_number(object, "original-invoice-number", original, original_number);
        object.instant("original-invoice-date", row.at(row.created - 20 * DAY));
        object.text("credit-reason", "Returned goods");
    } else {
        object.nulls(&[
            "original-invoice-number",
            "original-invoice-date",
            "credit-reason",
        ]);
    }
    object.flag("line-level-taxation", number.is_multiple_of(2));
    object.flag("canceled", row.status == "voided");
    object.maybe("compliant", pick(&[None, Some("")], number));
    object.flag("supplier-created", number.is_multiple_of(5));
    object.flag("show-tax-information", true);
    object.flag("split-payment-mechanism", bill.tax == 2);
    object.null("reverse-charge-reference");
    object.null("early-payment-provisions");
    object.number("lock-version-key", 1 + number % 7);
    object.text("inbox-name", "");
    object.format(
        "sender-email",
        format_args!("billing+{}@supplier.example.com", row.index % 97),
    );
    object.null("image-scan-url");
    object.maybe("image-scan", pick(&[None, Some("scan.pdf")], number >> 7));
    object.either(
        "customer_account_number",
        number.is_multiple_of(3),
        "CUST-0417",
        "",
    );
    object.nulls(&[
        "clearance-document",
        "contract",
        "inbound-invoice",
        "folio-number",
        "form-of-payment",
    ]);
    object.nulls(&[
        "margin-scheme",
        "cash-accounting-scheme-reference",
        "late-payment-penalties",
        "delivery-number",
    ]);
    object.nulls(&[
        "type-of-receipt",
        "use-of-invoice",
        "type-of-relationship",
        "series",
        "payment-order-reference",
    ]);
    object.null("tolerance-failures");
    match row.status {
        "disputed" => object.text("dispute-method", "email"),
        _ => object.null("dispute-method"),
    }
}

fn charges(object: &mut Object<'_, '_>, world: &World, row: &Row, bill: &Bill) {
    let kinds = [
        ("InvoiceShippingCharge", bill.shipping),
        ("InvoiceHandlingCharge", bill.handling),
    ];
    let present: Vec<_> = kinds
        .into_iter()
        .filter(|(_, amount)| *amount != 0)
        .collect();
    object.list("invoice-charges", present.len() as u64, |which, charge| {
        let Some((kind, amount)) = present.get(usize::try_from(which).unwrap_or(0)) else {
            return;
        };
        charge.number("id", row.id * 4 + which);
        charge.text("type", kind);
        charge.number("line-num", which + 1);
        charge.money("total", *amount, 2);
        charge.money("accounting-total", *amount, 4);
        charge.null("description");
        charge.null("pct");
        account::some(charge, "account", world, bill.number >> 13);
        reference::currency(charge, "currency", world, currency_of(world, bill.order));
    });
}

fn header_tax(object: &mut Object<'_, '_>, row: &Row, bill: &Bill) {
    object.list(
        "tax-lines",
        u64::from(!bill.number.is_multiple_of(2)),
        |_, tax| {
            tax.number("id", row.id * 16 + 15);
            tax.money("amount", bill.tax_amount, 2);
            tax.text("rate", pick(&TAX_CODES, bill.tax).2);
            tax.text("code", pick(&TAX_CODES, bill.tax).0);
            tax.null("description");
        },
    );
}

fn payments(object: &mut Object<'_, '_>, world: &World, row: &Row, bill: &Bill) {
    let payment = payment_of(world, row.index);
    object.list("payments", u64::from(payment.is_some()), |_, entry| {
        entry.number(
            "id",
            payment.map_or(0, |index| world.id(Resource::Payments, index)),
        );
        entry.money("amount-paid", bill.total(), 2);
        entry.instant("payment-date", row.at(row.updated - 3_600));
        entry.null("notes");
    });
}

fn custom_fields(object: &mut Object<'_, '_>, world: &World, row: &Row, number: u64) {
    object.attributes("custom-fields", |custom| {
        custom.instant("supplier-invoice-date", row.at(row.created - 2 * DAY));
        custom.either("sap-error", number.is_multiple_of(17), "true", "false");
        custom.null("posting-period");
        if number.is_multiple_of(3) {
            custom.object("prepayment-type", |lookup| {
                lookup.number("id", 1_204);
                lookup.text("name", "Down payment");
                lookup.text("external-ref-num", "DP");
            });
        }
        for (key, value) in &world.extra_custom_fields {
            custom.text(key, value);
        }
    });
    // Older custom fields, still in the global namespace: filled, null, and on some invoices not there at all.
    object.text("invoice-description", pick(&["", "Q3 services"], number));
    object.null("legacy-batch-id");
    if number.is_multiple_of(2) {
        object.format("erp-document-number", format_args!("51{:08}", row.index));
    }
}
