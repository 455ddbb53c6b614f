use crate::object::Object;
use crate::records::people;
use crate::resource::Resource;
use crate::vocabulary::{DEPARTMENTS, pick};
use crate::world::{Row, World};

fn fields(object: &mut Object<'_, '_>, world: &World, index: u64) {
    object.number("id", world.id(Resource::Departments, index));
    match index / 12 {
        0 => object.text("name", pick(&DEPARTMENTS, index)),
        series => object.format(
            "name",
            format_args!("{} {}", pick(&DEPARTMENTS, index), series + 1),
        ),
    }
    object.flag("active", index % 12 != 11);
}

pub(crate) fn nested(object: &mut Object<'_, '_>, name: &str, world: &World, index: u64) {
    object.object(name, |department| fields(department, world, index));
}

/// A department, whichever the number.
pub(crate) fn some(object: &mut Object<'_, '_>, name: &str, world: &World, number: u64) {
    nested(
        object,
        name,
        world,
        world.any(Resource::Departments, number),
    );
}

pub(crate) fn fill(object: &mut Object<'_, '_>, world: &World, row: &Row) {
    fields(object, world, row.index);
    object.instant("created-at", row.at(row.created));
    object.instant("updated-at", row.at(row.updated));
    object.attributes("custom-fields", |custom| {
        custom.format(
            "gl-department",
            format_args!("D{:03}", 100 + 10 * row.index),
        );
    });
    people::authors(
        object,
        world,
        world.number(Resource::Departments, row.index, 1),
    );
}
