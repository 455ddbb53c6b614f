//! A stretch of the id space.

use serde::{Deserialize, Serialize};

/// The ids greater than `gt` up to and including `le`.
///
/// The two ends of `i64` stand for "from the first id" and "to the last, however many are added": no filter is sent for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Lower bound, not part of the span.
    pub gt: i64,
    /// Upper bound, part of the span.
    pub le: i64,
}

impl Span {
    /// Every id there is or will be.
    pub const ALL: Self = Self {
        gt: i64::MIN,
        le: i64::MAX,
    };

    /// The filter value for "greater than", absent where the span begins with the first id.
    pub fn lower(self) -> Option<i64> {
        (self.gt != i64::MIN).then_some(self.gt)
    }

    /// The filter value for "up to", absent where the span is open-ended.
    pub fn upper(self) -> Option<i64> {
        (self.le != i64::MAX).then_some(self.le)
    }

    /// Whether the id lies in the span.
    pub fn contains(self, id: i64) -> bool {
        self.gt < id && id <= self.le
    }

    /// Whether no id can lie in the span.
    pub fn is_empty(self) -> bool {
        self.gt >= self.le
    }
}

/// What is left to fetch: spans in ascending order that do not touch. This is what a checkpoint holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Remaining(Vec<Span>);

impl Default for Remaining {
    fn default() -> Self {
        Self(vec![Span::ALL])
    }
}

impl Remaining {
    /// The spans left, ascending.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether everything was fetched.
    pub fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out what a committed page covers.
    pub fn cover(&mut self, covered: Span) {
        if covered.is_empty() {
            return;
        }
        let mut left = Vec::with_capacity(self.0.len() + 1);
        for span in self.0.drain(..) {
            let below = Span {
                gt: span.gt,
                le: span.le.min(covered.gt),
            };
            let above = Span {
                gt: span.gt.max(covered.le),
                le: span.le,
            };
            left.extend([below, above].into_iter().filter(|part| !part.is_empty()));
        }
        self.0 = left;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn span(gt: i64, le: i64) -> Span {
        Span { gt, le }
    }

    #[test]
    fn covering_the_middle_leaves_both_sides() {
        let mut left = Remaining::default();
        left.cover(span(10, 20));
        assert_eq!(left.spans(), [span(i64::MIN, 10), span(20, i64::MAX)]);
        left.cover(span(i64::MIN, 12));
        left.cover(span(15, i64::MAX));
        assert!(left.is_done());
    }

    proptest! {
        #[test]
        fn an_id_is_left_exactly_while_nothing_covered_it(
            covers in prop::collection::vec((-20i64..20, 0i64..15), 0..12),
        ) {
            let mut left = Remaining::default();
            for (gt, width) in &covers {
                left.cover(span(*gt, gt + width));
            }
            for id in -30i64..40 {
                let covered = covers.iter().any(|(gt, width)| span(*gt, gt + width).contains(id));
                let kept = left.spans().iter().filter(|one| one.contains(id)).count();
                prop_assert_eq!(kept, usize::from(!covered), "id {}", id);
            }
            for pair in left.spans().windows(2) {
                prop_assert!(pair[0].le < pair[1].gt);
            }
        }
    }
}
