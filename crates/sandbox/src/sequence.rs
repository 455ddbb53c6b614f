//! Ids and times of the generated rows, each computed from the row's index and back, so that a million rows need no
//! memory and a filter over them no record.

use crate::mix::mix;

/// Rows per block of ids; between blocks the ids jump, so that splitting an id range by its middle is uneven.
const ID_BLOCK: u64 = 1_000;
const ID_JUMP: u64 = 5_000;

/// Ids ascend with the index, 1 to 5 apart, with a jump of about 5,000 after every thousand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) first: u64,
    pub(crate) salt: u64,
}

impl Ids {
    pub(crate) fn at(self, index: u64) -> u64 {
        let wobble = if index == 0 {
            0
        } else {
            mix(self.salt, index) % 3
        };
        self.first + 3 * index + wobble + index / ID_BLOCK * ID_JUMP
    }

    /// The first index whose id is at least `id`.
    pub(crate) fn lower_bound(self, id: u64) -> u64 {
        let (mut low, mut high) = (0, id.saturating_sub(self.first) / 3 + 2);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.at(middle) < id {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(crate) fn index_of(self, id: u64) -> Option<u64> {
        let index = self.lower_bound(id);
        (self.at(index) == id).then_some(index)
    }
}

/// Rows whose update times are shuffled among one another.
const BLOCK: u64 = 16;
/// One row of each block was updated in the last month whatever its age.
const TOUCHED: u64 = 7;
const DAY: i64 = 86_400;
/// The span the created times cover.
const HISTORY: i64 = 1_300 * DAY;
const RECENT: i64 = 30 * DAY;

/// When rows were created and updated, in Unix seconds.
///
/// Created times ascend with the index. Most rows were updated some time after that, shuffled within blocks of 16;
/// one in 16 was updated during the last 30 days. So the order by update time is a permutation that is computed, not
/// sorted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) rows: u64,
    pub(crate) until: i64,
    pub(crate) salt: u64,
}

impl Times {
    pub(crate) fn created(self, index: u64) -> i64 {
        let span = HISTORY - RECENT - 10 * DAY;
        self.until - HISTORY + scaled(span, index, self.rows + 2 * BLOCK)
    }

    pub(crate) fn updated(self, index: u64) -> i64 {
        if index % BLOCK == TOUCHED {
            return self.until - RECENT
                + scaled(RECENT - DAY, index / BLOCK, self.rows / BLOCK + 1);
        }
        // A block's width later than the row in whose slot it stands: never before its own creation.
        self.created(self.slot(index) + BLOCK) + 60
    }

    /// The index at `position` of the order by update time, oldest first.
    pub(crate) fn at_updated_position(self, position: u64) -> u64 {
        let touched = self.touched();
        let regular = self.rows - touched;
        if position >= regular {
            return (position - regular) * BLOCK + TOUCHED;
        }
        let block = position / (BLOCK - 1);
        let within = position % (BLOCK - 1);
        let start = block * BLOCK;
        if start + TOUCHED >= self.rows {
            return start + within;
        }
        let skipped = self.slot(start + TOUCHED) - start;
        let slot = if within < skipped { within } else { within + 1 };
        self.in_slot(start + slot)
    }

    fn touched(self) -> u64 {
        (self.rows + BLOCK - 1 - TOUCHED) / BLOCK
    }

    fn whole_block(self, index: u64) -> bool {
        index - index % BLOCK + BLOCK <= self.rows
    }

    fn turn(self, index: u64) -> u64 {
        mix(self.salt, index / BLOCK) % BLOCK
    }

    /// 5 is invertible modulo 16, so this is a permutation of the block.
    fn slot(self, index: u64) -> u64 {
        if !self.whole_block(index) {
            return index;
        }
        index - index % BLOCK + (5 * (index % BLOCK) + self.turn(index)) % BLOCK
    }

    /// 13 × 5 = 65 = 1 modulo 16.
    fn in_slot(self, slot: u64) -> u64 {
        if !self.whole_block(slot) {
            return slot;
        }
        slot - slot % BLOCK + 13 * (slot % BLOCK + BLOCK - self.turn(slot)) % BLOCK
    }
}

fn scaled(span: i64, part: u64, whole: u64) -> i64 {
    let seconds = i128::from(span) * i128::from(part) / i128::from(whole.max(1));
    i64::try_from(seconds).unwrap_or(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_are_found_again() {
        let ids = Ids {
            first: 700_001,
            salt: 9,
        };
        let mut last = 0;
        for index in 0..5_000 {
            let id = ids.at(index);
            assert!(id > last);
            assert_eq!(ids.index_of(id), Some(index));
            last = id;
        }
        let gap = ids.at(999) + 100;
        assert_eq!(ids.index_of(gap), None);
        assert_eq!(ids.lower_bound(gap), 1_000);
        assert_eq!(ids.lower_bound(0), 0);
    }

    #[test]
    fn the_order_by_update_time_is_a_permutation_in_order() {
        for rows in [0, 1, 7, 8, 15, 16, 17, 24, 25, 250, 1_000, 4_099] {
            let times = Times {
                rows,
                until: 1_794_700_800,
                salt: 3,
            };
            let order: Vec<u64> = (0..rows)
                .map(|position| times.at_updated_position(position))
                .collect();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..rows).collect::<Vec<_>>(), "{rows} rows");
            assert!(
                order.is_sorted_by_key(|index| times.updated(*index)),
                "{rows} rows"
            );
        }
    }

    #[test]
    fn nothing_is_updated_before_it_was_created() {
        for rows in [1, 10, 250, 40_000] {
            let times = Times {
                rows,
                until: 1_794_700_800,
                salt: 5,
            };
            for index in 0..rows {
                assert!(
                    times.updated(index) >= times.created(index),
                    "row {index} of {rows}"
                );
                assert!(times.updated(index) < times.until);
            }
        }
    }
}
