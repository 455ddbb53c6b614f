//! The provider's own record of integrations: what they are, their runs, what they did to documents, what failed.

use crate::object::Object;
use crate::records::{identity, people};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

/// Code, name, business object, direction.
const INTEGRATIONS: [(&str, &str, &str, &str); 3] = [
    (
        "AP_EXPORT",
        "Approved invoices to ledger",
        "InvoiceHeader",
        "outbound",
    ),
    (
        "PO_EXPORT",
        "Issued orders to ledger",
        "OrderHeader",
        "outbound",
    ),
    (
        "SUPPLIER_IMPORT",
        "Suppliers from ledger",
        "Supplier",
        "inbound",
    ),
];

fn code(object: &mut Object<'_, '_>, index: u64) {
    let (code, ..) = pick(&INTEGRATIONS, index);
    match index / 3 {
        0 => object.text("code", code),
        series => object.format("code", format_args!("{code}_{}", series + 1)),
    }
}

fn nested(object: &mut Object<'_, '_>, world: &World, index: u64) {
    object.object("integration", |integration| {
        integration.number("id", world.id(Resource::Integrations, index));
        code(integration, index);
        integration.text("name", pick(&INTEGRATIONS, index).1);
    });
}

pub(crate) fn integration(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let (_, name, business_object, direction) = pick(&INTEGRATIONS, row.index);
    identity(object, row);
    code(object, row.index);
    object.text("name", name);
    object.text("business-object", business_object);
    object.text("direction", direction);
    object.text("end-system", "ERP");
    object.text("end-system-type", "");
    object.text("integration-type", "API");
    object.flag("standard", false);
    people::authors(
        object,
        world,
        world.number(Resource::Integrations, row.index, 1),
    );
}

/// Runs have an integration by turns; the same index always the same.
fn integration_of(world: &World, run: u64) -> u64 {
    world.any(Resource::Integrations, run)
}

pub(crate) fn run(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::IntegrationRuns, row.index, 1);
    identity(object, row);
    object.text("status", row.status);
    object.instant("start-time", row.at(row.created));
    let ended = matches!(row.status, "success" | "failed");
    object.maybe_instant("end-time", ended.then(|| row.at(row.created + 252)));
    object.number("total-records", number % 500);
    object.number(
        "records-processed",
        if ended {
            number % 500
        } else {
            number % 500 / 2
        },
    );
    object.null("flow");
    nested(object, world, integration_of(world, row.index));
    object.empty_lists(&["integration-errors"]);
}

pub(crate) fn history_record(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::IntegrationHistoryRecords, row.index, 1);
    fields(object, world, row, number);
    object.flag(
        "resolved",
        row.status == "Success" || number.is_multiple_of(2),
    );
    people::authors(object, world, number);
}

pub(crate) fn error(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::IntegrationErrors, row.index, 1);
    fields(object, world, row, number);
    object.flag("resolved", number.is_multiple_of(3));
    people::authors(object, world, number);
}

fn fields(object: &mut Object<'_, '_>, world: &World, row: &Row, number: u64) {
    let run = world.any(Resource::IntegrationRuns, number >> 4);
    let (_, _, document_type, _) = pick(&INTEGRATIONS, integration_of(world, run));
    let documents = match document_type {
        "InvoiceHeader" => Resource::Invoices,
        "OrderHeader" => Resource::PurchaseOrders,
        _ => Resource::Suppliers,
    };
    identity(object, row);
    object.text("status", row.status);
    object.text("document-type", document_type);
    let document = world.any(documents, number >> 9);
    object.number("document-id", world.id(documents, document));
    object.text("document-status", world.row(documents, document).status);
    object.number("document-revision", 1);
    object.either(
        "contact-alert-type",
        number.is_multiple_of(2),
        "Functional",
        "Technical",
    );
    object.text("creation-method", "API");
    if row.status == "Success" {
        object.format("external-id", format_args!("LEDGER-{}", row.index));
    } else {
        object.null("external-id");
    }
    object.null("integration-filename");
    object.number(
        "integration-run-id",
        world.id(Resource::IntegrationRuns, run),
    );
    nested(object, world, integration_of(world, run));
    object.object("integration-run", |nested| {
        nested.number("id", world.id(Resource::IntegrationRuns, run));
        nested.text("status", world.row(Resource::IntegrationRuns, run).status);
    });
    object.list("responses", 1, |_, response| {
        response.number("id", row.id);
        let booked = row.status == "Success";
        response.either("response-code", booked, "200", "422");
        response.either(
            "response-message",
            booked,
            "Booked",
            "Period 2026-05 is closed",
        );
        people::authors(response, world, number);
    });
}
