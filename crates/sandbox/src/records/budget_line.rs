use crate::object::Object;
use crate::records::account::{self, Segments};
use crate::records::{identity, people, reference};
use crate::resource::Resource;
use crate::vocabulary::pick;
use crate::world::{Row, World};

const QUARTERS: [(&str, &str, &str); 4] = [
    (
        "FY26 Q1",
        "2026-01-01T00:00:00-08:00",
        "2026-03-31T00:00:00-07:00",
    ),
    (
        "FY26 Q2",
        "2026-04-01T00:00:00-07:00",
        "2026-06-30T00:00:00-07:00",
    ),
    (
        "FY26 Q3",
        "2026-07-01T00:00:00-07:00",
        "2026-09-30T00:00:00-07:00",
    ),
    (
        "FY26 Q4",
        "2026-10-01T00:00:00-07:00",
        "2026-12-31T00:00:00-08:00",
    ),
];

/// The whole budget line.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::BudgetLines, row.index, 1);
    let amount = i64::try_from(50_000 + number % 4_000_000).unwrap_or(50_000) * 100;
    // Overspent here and there.
    let remaining = amount - i64::try_from((number >> 20) % 5_000_000).unwrap_or(0) * 100;
    identity(object, row);
    object.text(
        "description",
        pick(
            &["New equipment", "Facilities", "", "Consulting & \"other\""],
            number,
        ),
    );
    object.money("amount", amount, 2);
    object.money("remaining", remaining, 2);
    object.money("remaining-budget", remaining, 4);
    object.text("pending-requisitions-amount", "0.0");
    object.maybe("notes", pick(&[None, Some("")], number));
    object.flag("error-on-overrun", number.is_multiple_of(2));
    object.number("overrun-calculation", 0);
    object.number("owner-is-approver", number % 2);
    Segments::of(row.index).fill(object);
    reference::some_currency(object, "currency", world, number % 3);
    people::some(object, "owner", world, number >> 8);
    object.object("period", |period| {
        let (name, start, end) = pick(&QUARTERS, row.index);
        period.number("id", 12 + row.index % 4);
        period.text("name", name);
        period.text("start-date", start);
        period.text("end-date", end);
        period.flag("is-open", row.index % 4 == 3);
        account::account_type(period, "account-type");
    });
    people::authors(object, world, number);
}
