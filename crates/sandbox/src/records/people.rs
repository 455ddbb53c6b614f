use crate::object::{Instant, Object};
use crate::resource::Resource;
use crate::vocabulary::{FIRST_NAMES, LAST_NAMES, pick};
use crate::world::World;

/// A user's names, the same wherever the user is shown.
pub(crate) struct Person {
    pub(crate) index: u64,
    pub(crate) id: u64,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) login: String,
    number: u64,
}

impl Person {
    pub(crate) fn of(world: &World, index: u64) -> Self {
        let number = world.number(Resource::Users, index, 1);
        let first = pick(&FIRST_NAMES, index);
        let last = pick(&LAST_NAMES, index / 16 + number % 5);
        let ascii = |name: &str| {
            name.chars()
                .filter(char::is_ascii_alphabetic)
                .collect::<String>()
                .to_lowercase()
        };
        let login = format!("{}{}{index}", ascii(first), ascii(last));
        Self {
            index,
            id: world.id(Resource::Users, index),
            first,
            last,
            login,
            number,
        }
    }

    /// Empty for some and null for others, as in the published samples.
    pub(crate) fn employee_number(&self, object: &mut Object<'_, '_>) {
        match self.number % 6 {
            0 => object.text("employee-number", ""),
            1 => object.null("employee-number"),
            _ => object.format("employee-number", format_args!("E{:05}", self.index + 100)),
        }
    }
}

/// The user as nested in other records: full, and repeated wherever it is named.
pub(crate) fn nested(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |user| fields(user, world, index));
}

/// A user, whichever the number.
pub(crate) fn some(object: &mut Object<'_, '_>, name: &str, world: &World, number: u64) {
    nested(object, name, world, world.any(Resource::Users, number));
}

pub(crate) fn fields(user: &mut Object<'_, '_>, world: &World, index: u64) {
    let person = Person::of(world, index);
    user.number("id", person.id);
    user.text("login", &person.login);
    person.employee_number(user);
    user.text("firstname", person.first);
    user.text("lastname", person.last);
    user.format("fullname", format_args!("{} {}", person.first, person.last));
    user.format("email", format_args!("{}@example.com", person.login));
    user.null("salesforce-id");
    user.null("avatar-thumb-url");
    let joined = world.times(Resource::Users).created(index);
    user.instant(
        "created-at",
        Instant {
            unix_seconds: joined,
            offset_minutes: -420,
        },
    );
    user.instant(
        "updated-at",
        Instant {
            unix_seconds: joined + 86_400,
            offset_minutes: 120,
        },
    );
    // A field of the old, global namespace: at the root beside the others.
    user.either("seg3default", person.number.is_multiple_of(3), "6100", "");
    user.attributes("custom-fields", |custom| {
        custom.either("cost-centre-owner", index.is_multiple_of(4), "yes", "no");
    });
}

/// `created-by` and `updated-by` of a record.
pub(crate) fn authors(object: &mut Object<'_, '_>, world: &World, number: u64) {
    nested(
        object,
        "created-by",
        world,
        world.any(Resource::Users, number),
    );
    nested(
        object,
        "updated-by",
        world,
        world.any(Resource::Users, number >> 20),
    );
}
