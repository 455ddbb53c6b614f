use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::native_id::NativeId;
use crate::id::RunId;
use crate::selection::SelectionId;

/// Sealed bytes held at most, over all accounts: some 80,000 invoices. Then the oldest give way.
const MOST_BYTES: usize = 128 << 20;

/// A body that is held.
#[derive(Debug, Clone)]
pub(crate) struct HeldBody {
    /// The run that brought it. A row that was written by another since is no longer this body's.
    pub(crate) run: RunId,
    pub(crate) selection: SelectionId,
    /// Length of the bytes received.
    pub(crate) size: u64,
    /// The bytes received, sealed: what a page file or a crash report may hold is no plain text either.
    pub(crate) body: Vec<u8>,
}

/// The bodies of accounts without retention. They live as long as the process and never reach the disk; their rows say
/// only that the records were seen.
#[derive(Debug)]
pub(crate) struct Memory {
    shelf: Mutex<Shelf>,
}

#[derive(Debug)]
struct Shelf {
    most: usize,
    bytes: usize,
    /// By resource and native id, each with its turn.
    bodies: HashMap<i64, BTreeMap<NativeId, (u64, HeldBody)>>,
    /// Who gives way next. An entry whose turn is not that of the body any more is passed over.
    turns: VecDeque<(u64, i64, NativeId)>,
    next_turn: u64,
}

impl Default for Memory {
    fn default() -> Self {
        Self::of(MOST_BYTES)
    }
}

impl Memory {
    fn of(most: usize) -> Self {
        Self {
            shelf: Mutex::new(Shelf {
                most,
                bytes: 0,
                bodies: HashMap::new(),
                turns: VecDeque::new(),
                next_turn: 0,
            }),
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a body in place of an earlier one.
    pub(crate) fn hold(&self, resource: i64, id: &NativeId, body: HeldBody) {
        let mut shelf = self.shelf();
        let turn = shelf.next_turn;
        shelf.next_turn += 1;
        shelf.bytes += body.body.len();
        let before = shelf
            .bodies
            .entry(resource)
            .or_default()
            .insert(id.clone(), (turn, body));
        shelf.bytes -= before.map_or(0, |(_, before)| before.body.len());
        shelf.turns.push_back((turn, resource, id.clone()));
        shelf.make_room();
    }

    pub(crate) fn get(&self, resource: i64, id: &NativeId) -> Option<HeldBody> {
        let shelf = self.shelf();
        let (_, body) = shelf.bodies.get(&resource)?.get(id)?;
        Some(body.clone())
    }

    /// The ids held of a resource, in their order, after `after`, at most `limit`.
    pub(crate) fn ids(
        &self,
        resource: i64,
        after: Option<&NativeId>,
        limit: usize,
    ) -> Vec<NativeId> {
        let shelf = self.shelf();
        let Some(bodies) = shelf.bodies.get(&resource) else {
            return Vec::new();
        };
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        bodies
            .range::<NativeId, _>((start, Bound::Unbounded))
            .take(limit)
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// How many bodies of a resource are held, and the bytes received for them.
    pub(crate) fn count(&self, resource: i64) -> (u64, u64) {
        let shelf = self.shelf();
        let bodies = shelf.bodies.get(&resource);
        let sizes = bodies.into_iter().flatten().map(|(_, (_, body))| body.size);
        sizes.fold((0, 0), |(count, bytes), size| (count + 1, bytes + size))
    }

    pub(crate) fn forget(&self, resource: i64, id: &NativeId) {
        self.shelf().remove(resource, id);
    }

    pub(crate) fn forget_all(&self, resource: i64) {
        let mut shelf = self.shelf();
        let gone = shelf.bodies.remove(&resource).unwrap_or_default();
        shelf.bytes -= gone
            .values()
            .map(|(_, body)| body.body.len())
            .sum::<usize>();
    }
}

impl Shelf {
    fn remove(&mut self, resource: i64, id: &NativeId) {
        let gone = self
            .bodies
            .get_mut(&resource)
            .and_then(|bodies| bodies.remove(id));
        self.bytes -= gone.map_or(0, |(_, body)| body.body.len());
    }

    fn is_due(&self, turn: u64, resource: i64, id: &NativeId) -> bool {
        let held = self.bodies.get(&resource).and_then(|held| held.get(id));
        held.is_some_and(|(own, _)| *own == turn)
    }

    fn make_room(&mut self) {
        while self.bytes > self.most {
            let Some((turn, resource, id)) = self.turns.pop_front() else {
                return;
            };
            if self.is_due(turn, resource, &id) {
                self.remove(resource, &id);
            }
        }
        // Bodies that were replaced leave their turns behind.
        let held: usize = self.bodies.values().map(BTreeMap::len).sum();
        if self.turns.len() > 2 * held + 1_024 {
            let turns = std::mem::take(&mut self.turns);
            self.turns = turns
                .into_iter()
                .filter(|(turn, resource, id)| self.is_due(*turn, *resource, id))
                .collect();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn body(bytes: usize) -> HeldBody {
        HeldBody {
            run: RunId::new(),
            selection: SelectionId(1),
            size: 10,
            body: vec![0; bytes],
        }
    }

    #[test]
    fn the_oldest_give_way_when_there_is_no_room() {
        let memory = Memory::of(100);
        for id in 1..=3 {
            memory.hold(7, &NativeId::Integer(id), body(30));
        }
        // Held anew it is the youngest.
        memory.hold(7, &NativeId::Integer(1), body(40));
        assert_eq!(memory.count(7), (3, 30));
        memory.hold(8, &NativeId::Integer(9), body(1));
        assert!(memory.get(7, &NativeId::Integer(2)).is_none());
        let left = memory.ids(7, None, 10);
        assert_eq!(left, [NativeId::Integer(1), NativeId::Integer(3)]);
        assert_eq!(memory.ids(7, Some(&left[0]), 10), left[1..]);
        assert_eq!(memory.ids(7, None, 1), left[..1]);
        memory.forget(7, &left[0]);
        memory.forget_all(8);
        assert_eq!((memory.count(7), memory.count(8)), ((1, 10), (0, 0)));
        assert_eq!(memory.shelf().bytes, 30);
    }

    #[test]
    fn a_body_that_comes_again_and_again_leaves_nothing_behind() {
        let memory = Memory::of(100);
        for _ in 0..10_000 {
            memory.hold(7, &NativeId::Integer(1), body(30));
        }
        assert_eq!(memory.shelf().bytes, 30);
        assert!(memory.shelf().turns.len() < 2_000);
    }
}
