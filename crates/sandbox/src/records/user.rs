use crate::object::Object;
use crate::records::people::{self, Person};
use crate::records::{account, department, reference, supplier};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

/// The whole user.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let person = Person::of(world, row.index);
    let number = world.number(Resource::Users, row.index, 2);
    super::identity(object, row);
    object.text("login", &person.login);
    object.format("email", format_args!("{}@example.com", person.login));
    object.text("firstname", person.first);
    object.null("middlename");
    object.text("lastname", person.last);
    object.format("fullname", format_args!("{} {}", person.first, person.last));
    person.employee_number(object);
    object.flag("active", row.index % 13 != 12);
    object.flag("api-user", row.index == 0);
    object.flag("purchasing-user", true);
    object.flag("expense-user", !number.is_multiple_of(3));
    object.flag("sourcing-user", number.is_multiple_of(7));
    object.flag("inventory-user", false);
    object.flag("contracts-user", number.is_multiple_of(4));
    object.flag("analytics-user", number.is_multiple_of(5));
    object.either(
        "authentication-method",
        number.is_multiple_of(4),
        "coupa_credentials",
        "saml",
    );
    object.format("sso-identifier", format_args!("{}", 800 + row.index));
    object.text("default-locale", pick(&["en", "de", "pl"], number));
    object.number("account-security-type", 0);
    object.number("business-group-security-type", number % 2);
    object.flag("edit-invoice-on-quick-entry", false);
    object.nulls(&[
        "salesforce-id",
        "avatar-thumb-url",
        "seniority-level",
        "business-function",
    ]);
    object.format("mention-name", format_args!("{}", person.login));
    // Older custom fields, still in the global namespace, misspelt as they were set up.
    object.text("subsidary", pick(&["", "Example GmbH"], number));
    object.text("function", "");
    object.either("seg3default", number.is_multiple_of(3), "6100", "");
    object.null("radio-button-test");
    phones(object, number);
    object.list("roles", 1 + number % 2, |which, role| {
        role.number("id", 3 - which);
        role.either("name", which == 0, "User", "Admin");
        role.text("description", "");
        role.flag("omnipotent", which == 1);
        role.flag("system-role", true);
    });
    if row.index == 0 || number.is_multiple_of(10) {
        object.null("manager");
    } else {
        people::nested(object, "manager", world, number % row.index);
    }
    if number.is_multiple_of(6) {
        object.null("department");
    } else {
        department::some(object, "department", world, number >> 8);
    }
    if number.is_multiple_of(5) {
        object.null("default-account");
    } else {
        account::some(object, "default-account", world, number >> 12);
    }
    account::account_type(object, "default-account-type");
    reference::some_address(object, "default-address", world, number >> 16);
    reference::some_currency(object, "default-currency", world, number % 3);
    for name in [
        "requisition-approval-limit",
        "expense-approval-limit",
        "invoice-approval-limit",
    ] {
        limit(object, name, world, number);
    }
    object.nulls(&[
        "approval-limit",
        "contract-approval-limit",
        "pcard",
        "employee-payment-channel",
    ]);
    object.empty_lists(&[
        "expenses-delegated-to",
        "can-expense-for",
        "content-groups",
        "account-groups",
    ]);
    object.empty_lists(&[
        "approval-groups",
        "working-warehouses",
        "inventory-organizations",
        "user-groups",
    ]);
    object.attributes("custom-fields", |custom| {
        custom.either(
            "cost-centre-owner",
            row.index.is_multiple_of(4),
            "yes",
            "no",
        );
    });
    people::authors(object, world, number);
}

fn phones(object: &mut Object<'_, '_>, number: u64) {
    if number.is_multiple_of(3) {
        object.null("phone-work");
    } else {
        supplier::phone(object, "phone-work", number);
    }
    object.null("phone-mobile");
}

fn limit(object: &mut Object<'_, '_>, name: &str, world: &World, number: u64) {
    object.object(name, |limit| {
        limit.number("id", 35 + number % 4);
        limit.text("name", "0.00 AED (2)");
        limit.text("amount", "0.00");
        limit.text("subject", "requisition_header");
        reference::currency(limit, "currency", world, 0);
    });
}
