use std::collections::{BTreeSet, HashMap};

use crate::resource::Resource;
use crate::world::{Row, World};

/// What happened to a resource's rows since the instance began. The generated rows themselves are never held.
#[derive(Debug)]
pub(crate) struct Collection {
    resource: Resource,
    /// Rows the generator gives.
    generated: u64,
    /// Times of the rows inserted since; they follow the generated ones.
    inserted: Vec<i64>,
    deleted: BTreeSet<u64>,
    /// Row index to its new update time.
    touched: HashMap<u64, i64>,
    /// The same, in order of time.
    by_touch: BTreeSet<(i64, u64)>,
    exported: HashMap<u64, (bool, i64)>,
}

/// The ids a sync can be held to after records came and went while it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// There from the start of the instance until now, ascending.
    pub throughout: Vec<u64>,
    /// Inserted since the start and still there.
    pub inserted: Vec<u64>,
    /// Deleted since the start, whether generated or inserted.
    pub deleted: Vec<u64>,
}

impl Collection {
    pub(crate) fn new(world: &World, resource: Resource) -> Self {
        Self {
            resource,
            generated: world.count(resource),
            inserted: Vec::new(),
            deleted: BTreeSet::new(),
            touched: HashMap::new(),
            by_touch: BTreeSet::new(),
            exported: HashMap::new(),
        }
    }

    /// Rows there ever were, the deleted among them.
    pub(crate) fn extent(&self) -> u64 {
        self.generated + self.inserted.len() as u64
    }

    pub(crate) fn len(&self) -> u64 {
        self.extent() - self.deleted.len() as u64
    }

    pub(crate) fn is_deleted(&self, index: u64) -> bool {
        !self.deleted.is_empty() && self.deleted.contains(&index)
    }

    /// The row at `index`, with what happened to it.
    pub(crate) fn row(&self, world: &World, index: u64) -> Row {
        let mut row = world.row(self.resource, index);
        if let Some(&at) = usize::try_from(index.wrapping_sub(self.generated))
            .ok()
            .and_then(|place| self.inserted.get(place))
        {
            row.created = at;
            row.updated = at;
        }
        if let Some(&at) = self.touched.get(&index) {
            row.updated = at;
        }
        if let Some(&(flag, at)) = self.exported.get(&index) {
            row.exported = Some((flag, Some(at)));
        }
        row
    }

    pub(crate) fn find(&self, world: &World, id: u64) -> Option<u64> {
        let index = world.ids(self.resource).index_of(id)?;
        (index < self.extent() && !self.is_deleted(index)).then_some(index)
    }

    /// The index at `position` in order of id, where nothing is filtered: the deleted are skipped.
    pub(crate) fn at_id_position(&self, position: u64) -> Option<u64> {
        let mut index = position;
        for deleted in &self.deleted {
            if *deleted > index {
                break;
            }
            index += 1;
        }
        (index < self.extent()).then_some(index)
    }

    /// Indices in order of update time, the deleted among them.
    pub(crate) fn by_update<'c>(
        &'c self,
        world: &World,
    ) -> impl DoubleEndedIterator<Item = u64> + 'c {
        let times = world.times(self.resource);
        let generated = (0..self.generated)
            .map(move |position| times.at_updated_position(position))
            .filter(|index| self.touched.is_empty() || !self.touched.contains_key(index));
        let later = self.by_touch.iter().map(|(_, index)| *index);
        generated.chain(later)
    }

    /// Adds a row; its id is above all others.
    pub(crate) fn insert(&mut self, world: &World, now: i64) -> u64 {
        let index = self.extent();
        let at = self.after_everything(world, now);
        self.inserted.push(at);
        self.touched.insert(index, at);
        self.by_touch.insert((at, index));
        world.id(self.resource, index)
    }

    pub(crate) fn delete(&mut self, index: u64) {
        self.deleted.insert(index);
    }

    /// Marks a row updated now.
    pub(crate) fn touch(&mut self, world: &World, index: u64, now: i64) {
        let at = self.after_everything(world, now);
        if let Some(before) = self.touched.insert(index, at) {
            self.by_touch.remove(&(before, index));
        }
        self.by_touch.insert((at, index));
    }

    /// The order by update time holds only if what happens now is later than all generated data.
    fn after_everything(&self, world: &World, now: i64) -> i64 {
        let latest = self.by_touch.last().map_or(world.until(), |(at, _)| *at);
        now.max(latest)
    }

    pub(crate) fn set_exported(&mut self, index: u64, flag: bool, now: i64) {
        self.exported.insert(index, (flag, now));
    }

    pub(crate) fn truth(&self, world: &World) -> Truth {
        let ids = world.ids(self.resource);
        let there = |range: std::ops::Range<u64>| -> Vec<u64> {
            range
                .filter(|index| !self.is_deleted(*index))
                .map(|index| ids.at(index))
                .collect()
        };
        Truth {
            throughout: there(0..self.generated),
            inserted: there(self.generated..self.extent()),
            deleted: self.deleted.iter().map(|index| ids.at(*index)).collect(),
        }
    }
}
