//! The synthetic records, one file per resource. Field names and types follow the provider's resource tables (Compass,
//! *Resources*); shapes follow its published samples.

pub(crate) mod account;
pub(crate) mod budget_line;
pub(crate) mod contract;
pub(crate) mod department;
pub(crate) mod expense_report;
pub(crate) mod integration;
pub(crate) mod invoice;
pub(crate) mod invoice_line;
pub(crate) mod item;
pub(crate) mod ledger;
pub(crate) mod lookup_value;
pub(crate) mod order_line;
pub(crate) mod payment;
pub(crate) mod people;
pub(crate) mod purchase_order;
pub(crate) mod receiving_transaction;
pub(crate) mod reference;
pub(crate) mod requisition;
pub(crate) mod supplier;
pub(crate) mod user;

use crate::object::{Object, Wanted, write_object};
use crate::resource::Resource;
use crate::world::{Row, World};

/// Writes one record of a resource as JSON.
pub(crate) fn write(out: &mut Vec<u8>, world: &World, row: &Row, wanted: Wanted<'_>) {
    write_object(out, wanted, |object| fill(object, world, row));
}

fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    match row.resource {
        Resource::Invoices => invoice::fill(object, world, row),
        Resource::PurchaseOrders => purchase_order::fill(object, world, row),
        Resource::PurchaseOrderLines => order_line::fill_row(object, world, row),
        Resource::Suppliers => supplier::fill(object, world, row),
        Resource::Accounts => account::fill(object, world, row),
        Resource::Addresses => ledger::address(object, world, row),
        Resource::BudgetLines => budget_line::fill(object, world, row),
        Resource::BusinessGroups => ledger::business_group(object, world, row),
        Resource::Contracts => contract::fill(object, world, row),
        Resource::Currencies => ledger::currency(object, world, row),
        Resource::CustomObjects => ledger::custom_object(object, world, row),
        Resource::Departments => department::fill(object, world, row),
        Resource::ExchangeRates => ledger::exchange_rate(object, world, row),
        Resource::ExpenseReports => expense_report::fill(object, world, row),
        Resource::IntegrationErrors => integration::error(object, world, row),
        Resource::IntegrationHistoryRecords => integration::history_record(object, world, row),
        Resource::IntegrationRuns => integration::run(object, world, row),
        Resource::Integrations => integration::integration(object, world, row),
        Resource::Items => item::fill(object, world, row),
        Resource::LookupValues => lookup_value::fill(object, world, row),
        Resource::PaymentTerms => ledger::payment_term(object, world, row),
        Resource::Payments => payment::fill(object, world, row),
        Resource::Projects => ledger::project(object, world, row),
        Resource::ReceivingTransactions => receiving_transaction::fill(object, world, row),
        Resource::Requisitions => requisition::fill(object, world, row),
        Resource::Users => user::fill(object, world, row),
    }
}

/// Id and times, which every record begins with.
pub(crate) fn identity(object: &mut Object<'_, '_>, row: &Row) {
    object.number("id", row.id);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
}

pub(crate) fn exported(object: &mut Object<'_, '_>, row: &Row) {
    if let Some((flag, at)) = row.exported {
        object.flag("exported", flag);
        object.maybe_instant("last-exported-at", at.map(|at| row.at(at)));
    }
}
