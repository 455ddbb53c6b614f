//! Offset pages that overlap, so that a record deleted meanwhile cannot pull others past the walk unseen.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Records two pages share. One is enough proof; the others are spares, should records at the seam be deleted meanwhile.
const SHARED: u64 = 5;
/// Ids remembered to find the way back. They stand in every checkpoint, so they are few.
const REMEMBERED: usize = 60;
/// Pages without a new record after which the provider is taken to ignore the offset.
const PATIENCE: u32 = 3;

/// The place of a walk by overlapping offset pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// The offset to ask for.
    pub offset: u64,
    /// The last ids met, oldest first.
    recent: VecDeque<String>,
    /// How far the walk has stepped back to find an id it knows.
    back: u64,
    /// Pages in a row that brought nothing new.
    stale: u32,
}

/// What follows a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// Another page, at [`Overlap::offset`].
    Next,
    /// The page shares no record with the one before: records before it went. It is kept, and the walk steps back to find the seam.
    Back,
    /// Nothing.
    End,
    /// The provider sends the same page whatever the offset.
    Stuck,
}

impl Overlap {
    /// At the beginning of a list whose first offset is `start`.
    pub fn new(start: u64) -> Self {
        Self {
            offset: start,
            recent: VecDeque::new(),
            back: 0,
            stale: 0,
        }
    }

    /// Takes a page: its ids in order, how many records it had in all, and whether it looks like the last.
    pub fn take(&mut self, ids: &[String], received: u64, last: bool, start: u64) -> Follow {
        let met_before = self.recent.is_empty()
            || self.offset == start
            || ids.iter().any(|id| self.recent.contains(id));
        let fresh = ids.iter().any(|id| !self.recent.contains(id));
        if !met_before {
            // Nothing known in it: whatever lay between may have been pulled to smaller offsets.
            self.back = (self.back * 2).max(received.max(SHARED));
            self.offset = self.offset.saturating_sub(self.back).max(start);
            return Follow::Back;
        }
        self.back = 0;
        self.stale = if fresh { 0 } else { self.stale + 1 };
        for id in ids {
            if !self.recent.contains(id) {
                self.recent.push_back(id.clone());
            }
        }
        while self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
        // Pages may be smaller than asked for, so a short one ends the list only when it brings nothing new.
        if last && !fresh {
            return Follow::End;
        }
        if self.stale >= PATIENCE {
            return Follow::Stuck;
        }
        // Always forward, also with pages so small that the overlap is all of them.
        self.offset += received.saturating_sub(SHARED.min(received / 2)).max(1);
        Follow::Next
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn walk(
        mut list: Vec<u32>,
        limit: usize,
        deletes: &[usize],
        inserts: &[(usize, u32)],
    ) -> (BTreeSet<String>, Vec<u32>, Follow) {
        let mut overlap = Overlap::new(0);
        let mut met = BTreeSet::new();
        let mut deletes = deletes.iter();
        let mut inserts = inserts.iter();
        for _ in 0..5_000 {
            let offset = usize::try_from(overlap.offset).unwrap();
            let page: Vec<String> = list
                .iter()
                .skip(offset)
                .take(limit)
                .map(ToString::to_string)
                .collect();
            met.extend(page.iter().cloned());
            let received = page.len() as u64;
            match overlap.take(&page, received, page.len() < limit, 0) {
                Follow::Next | Follow::Back => {}
                end => return (met, list, end),
            }
            overlap = serde_json::from_str(&serde_json::to_string(&overlap).unwrap()).unwrap();
            if let Some(at) = deletes.next()
                && !list.is_empty()
            {
                list.remove(at % list.len());
            }
            if let Some((at, id)) = inserts.next() {
                list.insert(at % (list.len() + 1), *id);
            }
        }
        (met, list, Follow::Stuck)
    }

    #[test]
    fn a_provider_that_ignores_the_offset_is_found_out() {
        let mut overlap = Overlap::new(0);
        let page: Vec<String> = (0..50).map(|id| id.to_string()).collect();
        let ends: Vec<Follow> = (0..4).map(|_| overlap.take(&page, 50, false, 0)).collect();
        assert_eq!(
            ends,
            [Follow::Next, Follow::Next, Follow::Next, Follow::Stuck]
        );
    }

    proptest! {
        #[test]
        fn what_was_there_throughout_is_met_while_others_come_and_go(
            size in 0usize..400,
            limit in 10usize..50,
            deletes in prop::collection::vec(any::<usize>(), 0..30),
            inserts in prop::collection::vec((any::<usize>(), 10_000u32..20_000), 0..30),
        ) {
            let before: Vec<u32> = (0..u32::try_from(size).unwrap()).collect();
            let (met, after, end) = walk(before.clone(), limit, &deletes, &inserts);
            prop_assert_eq!(end, Follow::End);
            for id in before.iter().filter(|id| after.contains(id)) {
                prop_assert!(met.contains(&id.to_string()), "{} was missed", id);
            }
        }
    }
}
