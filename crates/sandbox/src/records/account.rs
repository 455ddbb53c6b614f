use crate::object::Object;
use crate::records::people;
use crate::resource::Resource;
use crate::vocabulary::{DEPARTMENTS, pick};
use crate::world::{Row, World};

const COMPANIES: [&str; 3] = ["01", "02", "07"];
const NATURAL: [(&str, &str); 5] = [
    ("6100", "Indirect"),
    ("6400", "Services"),
    ("1500", "Assets"),
    ("6800", "Travel"),
    ("7200", "Freight & duty"),
];

const UNUSED: [&str; 16] = [
    "segment-5",
    "segment-6",
    "segment-7",
    "segment-8",
    "segment-9",
    "segment-10",
    "segment-11",
    "segment-12",
    "segment-13",
    "segment-14",
    "segment-15",
    "segment-16",
    "segment-17",
    "segment-18",
    "segment-19",
    "segment-20",
];

/// Company, cost centre and natural account: the three segments in use of the twenty there are.
pub(crate) struct Segments {
    company: &'static str,
    cost_centre: u64,
    natural: (&'static str, &'static str),
    department: &'static str,
}

impl Segments {
    pub(crate) fn of(index: u64) -> Self {
        Self {
            company: pick(&COMPANIES, index / 60),
            cost_centre: 100 + 10 * (index % 12) + index / 180,
            natural: pick(&NATURAL, index / 12),
            department: pick(&DEPARTMENTS, index % 12),
        }
    }

    pub(crate) fn fill(&self, object: &mut Object<'_, '_>) {
        object.text("segment-1", self.company);
        object.format("segment-2", format_args!("{}", self.cost_centre));
        object.text("segment-3", self.natural.0);
        // Unused segments: null for most, empty for some.
        object.text("segment-4", "");
        object.nulls(&UNUSED);
    }
}

/// Everything of an account but its times and authors; also how it is nested in lines.
pub(crate) fn fields(object: &mut Object<'_, '_>, world: &World, index: u64) {
    let segments = Segments::of(index);
    object.number("id", world.id(Resource::Accounts, index));
    if index % 9 == 8 {
        object.text("name", "");
    } else {
        object.format(
            "name",
            format_args!(
                "{} - {}, {}",
                segments.company, segments.department, segments.natural.1
            ),
        );
    }
    object.format(
        "code",
        format_args!(
            "{}-{}-{}",
            segments.company, segments.cost_centre, segments.natural.0
        ),
    );
    object.flag("active", index % 17 != 16);
    segments.fill(object);
    account_type(object, "account-type");
}

pub(crate) fn nested(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |account| fields(account, world, index));
}

/// An account, whichever the number.
pub(crate) fn some(object: &mut Object<'_, '_>, name: &str, world: &World, number: u64) {
    nested(object, name, world, world.any(Resource::Accounts, number));
}

pub(crate) fn account_type(object: &mut Object<'_, '_>, name: &str) {
    object.object(name, account_type_fields);
}

/// The one chart of accounts there is.
pub(crate) fn account_type_fields(chart: &mut Object<'_, '_>) {
    chart.number("id", 2);
    chart.text("name", "Chart of Accounts");
    chart.text("legal-entity-name", "Example Holding");
    chart.flag("active", true);
    chart.flag("dynamic-flag", false);
}

/// The whole account.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    fields(object, world, row.index);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
    object.number("account-type-id", 2);
    object.attributes("custom-fields", |custom| custom.null("ledger-group"));
    people::authors(
        object,
        world,
        world.number(Resource::Accounts, row.index, 1),
    );
}
