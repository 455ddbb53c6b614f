//! What a page holds, as a step of a walk over ids.

use crosswalk_client::{Page, RawRecord};

use crate::engine::Got;

/// A limit as a number of records.
pub(crate) fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// How many records a page holds, if the provider gives fewer than it is asked for: then the page of newest records is short, and yet the page of lowest
/// ids has others. A record added meanwhile is not among the lowest.
pub(crate) fn given_instead(newest: &Got, lowest: &Page) -> Option<u32> {
    let received = newest.received();
    if received == 0 || received >= size(newest.limit) || newest.oversized {
        return None;
    }
    let known: Vec<i64> = newest
        .page
        .records
        .iter()
        .filter_map(|record| record.id.parse().ok())
        .collect();
    let top = known.iter().max()?;
    let more = lowest
        .records
        .iter()
        .filter_map(|record| record.id.parse::<i64>().ok())
        .any(|id| id < *top && !known.contains(&id));
    if more {
        u32::try_from(received).ok()
    } else {
        None
    }
}

/// The ids of a page's records as whole numbers; none if one of them is no such number.
pub(crate) fn ids(records: &[RawRecord]) -> Option<Vec<Option<i64>>> {
    records
        .iter()
        .map(|record| record.id.parse().ok().map(Some))
        .collect()
}

/// The places in a page that belong to the records kept: what was no record counts with its neighbours, and once. Behind the last record of a full page
/// such a thing comes again, at the beginning of the next.
pub(crate) fn places(
    page: &Page,
    keep: &std::ops::Range<usize>,
    full: bool,
) -> std::ops::Range<usize> {
    let total = page.records.len() + page.errors.len();
    let mut bad = page.errors.iter().map(|error| error.index).peekable();
    let mut of_record = Vec::with_capacity(page.records.len());
    for place in 0..total {
        if bad.next_if_eq(&place).is_none() {
            of_record.push(place);
        }
    }
    let at = |record: usize| of_record.get(record).copied();
    let from = if keep.start == 0 {
        0
    } else {
        at(keep.start).unwrap_or(total)
    };
    let to = match (keep.end == page.records.len(), keep.end) {
        (true, _) if !full => total,
        (_, 0) => from,
        (_, end) => at(end - 1).map_or(total, |place| place + 1),
    };
    from..to.max(from)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use crosswalk_client::{RecordError, RecordProblem};

    use super::*;

    fn page(pattern: &str) -> Page {
        let mut page = Page {
            records: Vec::new(),
            errors: Vec::new(),
            listed: pattern.len(),
            next: None,
            server_date: None,
            bytes: 0,
            requests: 1,
            rate_limited: 0,
        };
        for (index, kind) in pattern.chars().enumerate() {
            if kind == 'x' {
                page.errors.push(RecordError {
                    index,
                    problem: RecordProblem::NotAnObject,
                    excerpt: String::new(),
                });
            } else {
                page.records.push(RawRecord {
                    id: index.to_string(),
                    raw: Bytes::new(),
                });
            }
        }
        page
    }

    #[test]
    fn what_is_no_record_counts_with_the_records_before_which_it_stands() {
        for (pattern, keep, full, expected) in [
            ("rrr", 0..3, true, 0..3),
            ("rrx", 0..2, false, 0..3),
            ("rrx", 0..2, true, 0..2),
            ("xrr", 0..2, true, 0..3),
            ("rxr", 0..1, true, 0..1),
            ("rxr", 1..2, true, 2..3),
            ("xx", 0..0, false, 0..2),
            ("rr", 0..0, true, 0..0),
        ] {
            assert_eq!(
                places(&page(pattern), &keep, full),
                expected,
                "{pattern} {keep:?} {full}"
            );
        }
    }
}
