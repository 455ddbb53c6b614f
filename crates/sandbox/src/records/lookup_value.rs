use crate::object::Object;
use crate::records::{account, identity, people};
use crate::resource::Resource;
use crate::vocabulary::{LOOKUPS, pick};
use crate::world::{Row, World};

/// The whole lookup value; the first of each lookup is the parent of the others.
pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    let number = world.number(Resource::LookupValues, row.index, 1);
    let lookups = LOOKUPS.len() as u64;
    let (lookup, prefix) = pick(&LOOKUPS, row.index);
    let root = row.index < lookups;
    identity(object, row);
    object.format("name", format_args!("{lookup} {:03}", row.index / lookups));
    object.format(
        "external-ref-num",
        format_args!("{prefix}{:04}", 1_000 + row.index),
    );
    if number.is_multiple_of(5) {
        object.text("external-ref-code", "");
    } else {
        object.format(
            "external-ref-code",
            format_args!("{prefix}{:04}", 1_000 + row.index),
        );
    }
    object.maybe(
        "description",
        pick(&[None, Some(""), Some("as in the ledger")], number),
    );
    object.flag("active", row.index % 11 != 10);
    object.flag("is-default", root);
    object.number("depth", u64::from(!root));
    object.number("lookup-id", 1 + row.index % lookups);
    if root {
        object.nulls(&["parent-id", "parent"]);
    } else {
        let parent = row.index % lookups;
        object.number("parent-id", world.id(Resource::LookupValues, parent));
        object.object("parent", |value| {
            value.number("id", world.id(Resource::LookupValues, parent));
            value.format("name", format_args!("{lookup} 000"));
            value.format(
                "external-ref-code",
                format_args!("{prefix}{:04}", 1_000 + parent),
            );
        });
    }
    account::account_type(object, "account-type");
    object.object("lookup", |nested| {
        nested.number("id", 1 + row.index % lookups);
        nested.text("name", lookup);
        nested.text("description", lookup);
        nested.flag("active", true);
        nested.number("fixed-depth", 0);
        nested.empties(&["level-1-name", "level-2-name", "level-3-name"]);
    });
    object.attributes("custom-fields", |custom| custom.null("owner-note"));
    people::authors(object, world, number);
}
