//! Which rows a list request gets.

use std::cmp::Ordering;

use serde_json::Value;

use crate::collection::Collection;
use crate::filter::{Filter, compare};
use crate::object::Wanted;
use crate::query::Query;
use crate::records;
use crate::resource::Resource;
use crate::selection::Selection;
use crate::world::{Row, World};

/// Above this many rows a condition or an order that needs each record built is refused: it would take seconds a page.
pub(crate) const MOST_BUILT_ROWS: u64 = 100_000;

/// The rows of the page, in order; the error is a sentence for the answer.
pub(crate) fn rows(
    world: &World,
    collection: &Collection,
    resource: Resource,
    query: &Query,
) -> Result<Vec<Row>, String> {
    let (of_row, of_record): (Vec<&Filter>, Vec<&Filter>) = query
        .filters
        .iter()
        .partition(|filter| filter.needs_only_the_row());
    let order = Order::of(query)?;
    if let Some(absent) = of_row.iter().find_map(|filter| absent(resource, filter)) {
        return Err(format!("{absent} is not a field of {}.", resource.path()));
    }
    check(world, collection, resource, &of_record, &order)?;
    let matches = |row: &Row| {
        of_row.iter().all(|filter| filter.holds_for_row(row))
            && of_record
                .iter()
                .all(|filter| built_holds(world, row, filter))
    };
    if let Order::Field(field) = &order {
        return Ok(sorted_page(world, collection, query, field, matches));
    }
    if query.filters.is_empty() && matches!(order, Order::Id) && !query.descending {
        let positions = query.offset..query.offset.saturating_add(query.limit);
        let indices = positions.map_while(|position| collection.at_id_position(position));
        return Ok(indices.map(|index| collection.row(world, index)).collect());
    }
    let take = |indices: &mut dyn Iterator<Item = u64>| {
        page_of(world, collection, query, indices, &matches)
    };
    Ok(match (order, query.descending) {
        (Order::Updated, false) => take(&mut collection.by_update(world)),
        (Order::Updated, true) => take(&mut collection.by_update(world).rev()),
        (_, descending) => {
            let range = index_range(world, collection, resource, &of_row);
            if descending {
                take(&mut range.rev())
            } else {
                take(&mut { range })
            }
        }
    })
}

enum Order {
    /// Created times ascend with the ids.
    Id,
    Updated,
    Field(String),
}

impl Order {
    fn of(query: &Query) -> Result<Self, String> {
        Ok(match query.order_by.as_deref() {
            None | Some("id" | "created-at") => Self::Id,
            Some("updated-at") => Self::Updated,
            Some(field) if field.contains('[') => {
                return Err(format!("order_by cannot reach into {field}."));
            }
            Some(field) => Self::Field(field.to_owned()),
        })
    }
}

fn check(
    world: &World,
    collection: &Collection,
    resource: Resource,
    of_record: &[&Filter],
    order: &Order,
) -> Result<(), String> {
    let mut names: Vec<&str> = of_record
        .iter()
        .filter_map(|filter| filter.path.first())
        .map(String::as_str)
        .collect();
    if let Order::Field(field) = order {
        names.push(field);
    }
    if names.is_empty() {
        return Ok(());
    }
    if let Some(unknown) = names.iter().find(|name| !is_field(world, resource, name)) {
        return Err(format!("{unknown} is not a field of {}.", resource.path()));
    }
    if collection.extent() > MOST_BUILT_ROWS {
        return Err(format!(
            "{} has {} records here; above {MOST_BUILT_ROWS} this stand-in filters and orders only by id, created-at, \
             updated-at, status and exported, because {} would need every record built for every page.",
            resource.path(),
            collection.len(),
            names.join(", "),
        ));
    }
    Ok(())
}

/// The one of status and exported that the filter names and the resource does not have.
fn absent(resource: Resource, filter: &Filter) -> Option<&str> {
    let traits = resource.traits();
    let name = filter.path.first()?.as_str();
    let there = match name {
        "status" => !traits.statuses.is_empty(),
        "exported" => traits.exported,
        _ => true,
    };
    (!there).then_some(name)
}

/// A name counts as a field if one of the first 64 records has it: some are left out of some records.
fn is_field(world: &World, resource: Resource, name: &str) -> bool {
    let selection = Selection::only(name);
    (0..world.count(resource).clamp(1, 64)).any(|index| {
        let mut record = Vec::new();
        records::write(
            &mut record,
            world,
            &world.row(resource, index),
            Wanted::Only(&selection),
        );
        record.len() > 2
    })
}

fn index_range(
    world: &World,
    collection: &Collection,
    resource: Resource,
    filters: &[&Filter],
) -> std::ops::Range<u64> {
    let (mut least, mut most) = (0, u64::MAX);
    for (from, to) in filters.iter().filter_map(|filter| filter.id_range()) {
        least = least.max(from);
        most = most.min(to);
    }
    if least > most {
        return 0..0;
    }
    let ids = world.ids(resource);
    let extent = collection.extent();
    let end = if most >= ids.at(extent) {
        extent
    } else {
        ids.lower_bound(most + 1).min(extent)
    };
    let start = if least >= ids.at(extent) {
        extent
    } else {
        ids.lower_bound(least)
    };
    start.min(end)..end
}

fn page_of(
    world: &World,
    collection: &Collection,
    query: &Query,
    indices: &mut dyn Iterator<Item = u64>,
    matches: &dyn Fn(&Row) -> bool,
) -> Vec<Row> {
    let (mut skip, mut page) = (query.offset, Vec::new());
    for index in indices {
        if collection.is_deleted(index) {
            continue;
        }
        let row = collection.row(world, index);
        if !matches(&row) {
            continue;
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        page.push(row);
        if page.len() as u64 == query.limit {
            break;
        }
    }
    page
}

fn sorted_page(
    world: &World,
    collection: &Collection,
    query: &Query,
    field: &str,
    matches: impl Fn(&Row) -> bool,
) -> Vec<Row> {
    let selection = Selection::only(field);
    let mut keyed: Vec<(Value, Row)> = (0..collection.extent())
        .filter(|index| !collection.is_deleted(*index))
        .map(|index| collection.row(world, index))
        .filter(matches)
        .map(|row| {
            (
                built(world, &row, &selection)
                    .get(field)
                    .cloned()
                    .unwrap_or(Value::Null),
                row,
            )
        })
        .collect();
    keyed.sort_by(|(left, left_row), (right, right_row)| {
        order_values(left, right).then(left_row.id.cmp(&right_row.id))
    });
    if query.descending {
        keyed.reverse();
    }
    let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    keyed
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|(_, row)| row)
        .collect()
}

/// Nulls first.
fn order_values(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (_, Value::String(text)) => compare(left, text).unwrap_or(Ordering::Equal),
        (_, other) => compare(left, &other.to_string()).unwrap_or(Ordering::Equal),
    }
}

fn built_holds(world: &World, row: &Row, filter: &Filter) -> bool {
    filter.holds_in(&built(world, row, &Selection::path(&filter.path)))
}

fn built(world: &World, row: &Row, selection: &Selection) -> Value {
    let mut record = Vec::new();
    records::write(&mut record, world, row, Wanted::Only(selection));
    serde_json::from_slice(&record).unwrap_or_default()
}
