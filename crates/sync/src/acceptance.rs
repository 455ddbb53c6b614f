//! Whether a page may be trusted as a step of the keyset walk.
//!
//! Ordering parameters are undocumented at some providers and filters can be ignored. A page that is not what was asked for, taken at its word, would
//! lose records without a trace, so every page is checked and the walk is given up for overlapping pages when one fails.

use crate::span::Span;

/// The order asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Lowest id first.
    Ascending,
    /// Highest id first.
    Descending,
}

/// Why a page was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An id lies outside the range asked for.
    #[error(
        "the provider ignored the id filter: it sent id {id}, which lies outside the range asked for"
    )]
    OutsideRange {
        /// The id.
        id: i64,
    },
    /// The ids do not come in the order asked for.
    #[error("the provider ignored the order: id {id} came after {previous}")]
    OutOfOrder {
        /// The id that broke the order.
        id: i64,
        /// The id before it.
        previous: i64,
    },
    /// No record of the page has a usable id, so the page proves nothing about what follows.
    #[error("no record of a page has a whole number as its id, so ids cannot guide the walk")]
    NoIds,
    /// The provider refuses to be asked for ranges at all.
    #[error("the provider refuses to list by ranges of ids")]
    RangesRefused,
}

/// Accepts a page if its ids lie in `order` inside `span`, and returns those it has.
///
/// The same id twice in a row, or a record without one, is a defect of that record and not of the order: both are passed over here and reported with
/// the record.
pub fn accept(ids: &[Option<i64>], span: Span, order: Order) -> Result<Vec<i64>, Refusal> {
    let mut accepted: Vec<i64> = Vec::with_capacity(ids.len());
    for &id in ids.iter().flatten() {
        if !span.contains(id) {
            return Err(Refusal::OutsideRange { id });
        }
        if let Some(&previous) = accepted.last() {
            let ordered = match order {
                Order::Ascending => id >= previous,
                Order::Descending => id <= previous,
            };
            if !ordered {
                return Err(Refusal::OutOfOrder { id, previous });
            }
        }
        accepted.push(id);
    }
    if accepted.is_empty() && !ids.is_empty() {
        Err(Refusal::NoIds)
    } else {
        Ok(accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_taken_only_as_asked() {
        use Order::{Ascending, Descending};
        let span = Span { gt: 10, le: 20 };
        let some = |ids: &[i64]| ids.iter().map(|id| Some(*id)).collect::<Vec<_>>();
        assert_eq!(
            accept(&some(&[11, 15, 20]), span, Ascending),
            Ok(vec![11, 15, 20])
        );
        assert_eq!(
            accept(&some(&[20, 15, 11]), span, Descending),
            Ok(vec![20, 15, 11])
        );
        assert_eq!(accept(&[], span, Ascending), Ok(vec![]));
        assert_eq!(
            accept(&some(&[11, 11, 12]), span, Ascending),
            Ok(vec![11, 11, 12])
        );
        assert_eq!(
            accept(&some(&[10]), span, Ascending),
            Err(Refusal::OutsideRange { id: 10 })
        );
        assert_eq!(
            accept(&some(&[11, 21]), span, Ascending),
            Err(Refusal::OutsideRange { id: 21 })
        );
        assert_eq!(
            accept(&some(&[12, 11]), span, Ascending),
            Err(Refusal::OutOfOrder {
                id: 11,
                previous: 12
            })
        );
        assert_eq!(
            accept(&some(&[12, 13]), span, Descending),
            Err(Refusal::OutOfOrder {
                id: 13,
                previous: 12
            })
        );
        assert_eq!(accept(&[Some(11), None], span, Ascending), Ok(vec![11]));
        assert_eq!(accept(&[None, None], span, Ascending), Err(Refusal::NoIds));
    }
}
