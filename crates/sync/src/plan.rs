//! How a run goes about it: what it asks for, in which walk, with which filter.

use crosswalk_client::Position;
use crosswalk_connector::{KeyType, Pagination, Resource, StopRule};
use crosswalk_workspace::run::Mode;
use jiff::Timestamp;

use crate::checkpoint::Stage;
use crate::error::SyncError;
use crate::overlap::Overlap;
use crate::span::Remaining;
use crate::walk::Rules;

/// The most pages of a test run, unless the user says otherwise.
pub const TEST_PAGES: u32 = 4;
/// The page size where a list has no pages of its own.
const ONE_PAGE: u32 = 50;

/// Which records are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    All,
    /// Those changed since, on the provider's clock.
    ChangedSince(Timestamp),
    /// Those not marked as exported.
    Unexported,
}

/// How the list is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkKind {
    /// A few pages of the newest, then of each kind.
    Test {
        /// At most so many.
        pages: u32,
    },
    /// Ranges of ids, several at a time.
    Ranges,
    /// Page after page, as the list is paged.
    Pages,
}

/// How a run goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What it reads.
    pub mode: Mode,
    /// Which records.
    pub filter: Filter,
    /// How.
    pub walk: WalkKind,
    /// Records a page holds.
    pub page_size: u32,
    /// Whether a short page is proof of the end, or only an empty one.
    pub short_page_ends: bool,
    /// Whether a page of newest whole objects comes first.
    pub sample: bool,
}

impl Plan {
    /// Decides. `since` is the watermark committed by earlier runs; an incremental run without one reads everything.
    ///
    /// # Errors
    /// [`SyncError::ModeUnavailable`] when the resource has no list, no watermark or no exported flag to do it by.
    pub fn new(
        resource: &Resource,
        name: &str,
        mode: Mode,
        pages: Option<u32>,
        since: Option<Timestamp>,
    ) -> Result<Self, SyncError> {
        let unavailable = |why| SyncError::ModeUnavailable {
            resource: name.to_owned(),
            mode,
            why,
        };
        if resource.operations.list.is_none() {
            return Err(unavailable("it cannot be listed"));
        }
        let filter = match mode {
            Mode::Test | Mode::Full => Filter::All,
            Mode::Incremental if resource.watermark.is_none() => {
                return Err(unavailable("it has no time of last change to ask by"));
            }
            Mode::Incremental => since.map_or(Filter::All, Filter::ChangedSince),
            Mode::Unexported if resource.exported.is_none() => {
                return Err(unavailable("it has no exported flag"));
            }
            Mode::Unexported => Filter::Unexported,
        };
        let rules = resource.pagination.as_ref().and_then(Pagination::page);
        let integer = resource
            .keyset
            .as_ref()
            .is_some_and(|keyset| keyset.key_type == KeyType::Integer && !keyset.up_to.is_empty());
        let sized = rules.is_some()
            && resource
                .pagination
                .as_ref()
                .is_some_and(|kind| kind.size_param().is_some());
        let walk = match mode {
            Mode::Test => WalkKind::Test {
                pages: pages.unwrap_or(TEST_PAGES).max(1),
            },
            _ if integer && sized => WalkKind::Ranges,
            _ => WalkKind::Pages,
        };
        Ok(Self {
            mode,
            filter,
            walk,
            page_size: rules
                .map_or(ONE_PAGE, |rules| rules.size.min(rules.max_size))
                .max(1),
            short_page_ends: resource
                .pagination
                .as_ref()
                .is_none_or(|kind| kind.stop_rules().contains(&StopRule::ShortPage)),
            sample: mode != Mode::Test && resource.newest_first.is_some(),
        })
    }

    /// Where the run begins.
    pub fn first_stage(&self, resource: &Resource) -> Stage {
        match self.walk {
            WalkKind::Test { .. } => Stage::Test {
                done: 0,
                next: None,
                met: std::collections::BTreeSet::new(),
                all: false,
            },
            WalkKind::Ranges => Stage::Ranges {
                sampled: !self.sample,
                page_size: self.page_size,
                remaining: Remaining::default(),
            },
            WalkKind::Pages => pages(resource, !self.sample),
        }
    }

    /// What the walk over ranges may rely on.
    pub fn rules(&self, resource: &Resource, page_size: u32) -> Rules {
        Rules {
            page_size: usize::try_from(page_size).unwrap_or(usize::MAX),
            can_skip: matches!(resource.pagination, Some(Pagination::Offset(_))),
        }
    }
}

/// The beginning of a walk page after page.
pub(crate) fn pages(resource: &Resource, sampled: bool) -> Stage {
    Stage::Pages {
        sampled,
        next: None,
        done: false,
        overlap: first_place(resource).map(Overlap::new),
    }
}

/// The number of a list's first record, where its pages are asked for by the number of theirs. Only such pages can overlap.
pub(crate) fn first_place(resource: &Resource) -> Option<u64> {
    match &resource.pagination {
        Some(Pagination::Offset(kind)) => Some(u64::from(kind.start)),
        Some(Pagination::QueryLanguage(kind)) => Some(u64::from(kind.start)),
        _ => None,
    }
}

/// The place of the record with this number, as such a list wants it named.
pub(crate) fn place(resource: &Resource, number: u64) -> Position {
    match &resource.pagination {
        Some(Pagination::QueryLanguage(_)) => Position::Start(number),
        _ => Position::Offset(number),
    }
}

/// Whether a walk page after page meets every record that is there from its beginning to its end. By the numbers of pages, or by places without an
/// overlap, it may not: a record deleted behind the walk pulls another one past it, and nothing shows that.
pub(crate) fn meets_all(resource: &Resource, overlap: Option<&Overlap>) -> bool {
    match &resource.pagination {
        Some(Pagination::Page(_)) => false,
        Some(Pagination::Offset(_) | Pagination::QueryLanguage(_)) => overlap.is_some(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::{Value, json};

    fn resource(extra: &Value) -> Resource {
        let mut base = json!({
            "label": "Things",
            "operations": {"list": {"path": "/things"}},
            "id": "id",
            "pagination": {"kind": "offset", "offset_param": "offset", "limit_param": "limit",
                "page": {"size": 80, "max_size": 50}},
        });
        base.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        serde_json::from_value(base).unwrap()
    }

    fn keyset(kind: &str) -> Value {
        json!({"keyset": {"field": "id", "type": kind, "after": {"id[gt]": "{{range.after}}"},
            "up_to": {"id[lte]": "{{range.up_to}}"}}})
    }

    #[test]
    fn the_walk_follows_what_the_resource_offers() {
        let walk = |extra, mode| {
            Plan::new(&resource(&extra), "things", mode, None, None).map(|plan| plan.walk)
        };
        assert_eq!(walk(keyset("integer"), Mode::Full), Ok(WalkKind::Ranges));
        assert_eq!(walk(keyset("string"), Mode::Full), Ok(WalkKind::Pages));
        assert_eq!(walk(json!({}), Mode::Full), Ok(WalkKind::Pages));
        assert_eq!(
            walk(keyset("integer"), Mode::Test),
            Ok(WalkKind::Test { pages: 4 })
        );
        assert!(matches!(
            walk(json!({}), Mode::Incremental),
            Err(SyncError::ModeUnavailable { .. })
        ));
        assert!(matches!(
            walk(json!({}), Mode::Unexported),
            Err(SyncError::ModeUnavailable { .. })
        ));
        assert!(matches!(
            walk(json!({"operations": {}}), Mode::Full),
            Err(SyncError::ModeUnavailable { .. })
        ));
    }

    #[test]
    fn a_page_holds_no_more_than_the_provider_gives() {
        let plan = Plan::new(&resource(&json!({})), "things", Mode::Full, None, None).unwrap();
        assert_eq!(plan.page_size, 50);
        assert!(plan.short_page_ends);
    }

    fn paged(pagination: &Value) -> Resource {
        let mut extra = keyset("integer");
        extra["pagination"] = pagination.clone();
        resource(&extra)
    }

    #[test]
    fn what_a_short_page_proves_is_what_the_definition_says_of_it() {
        let page = json!({"size": 50, "max_size": 50});
        let more = json!({"pointer": "/more", "more_when": true});
        let ruled = |stop: Value| json!({"size": 50, "max_size": 50, "stop": stop});
        let offset = |page: &Value, more: &Value| json!({"kind": "offset", "offset_param": "o", "limit_param": "l", "page": page, "more": more});
        for (pagination, ends) in [
            (offset(&page, &Value::Null), true),
            (offset(&page, &more), false),
            (offset(&ruled(json!(["empty_page"])), &Value::Null), false),
            (offset(&ruled(json!(["short_page", "flag"])), &more), true),
            (
                json!({"kind": "keyset", "limit_param": "l", "page": page}),
                true,
            ),
            (
                json!({"kind": "cursor", "param": "c", "token": "/next", "size_param": "l", "page": page}),
                false,
            ),
        ] {
            let plan = Plan::new(&paged(&pagination), "things", Mode::Full, None, None).unwrap();
            assert_eq!(plan.walk, WalkKind::Ranges, "{pagination}");
            assert_eq!(plan.short_page_ends, ends, "{pagination}");
        }
    }

    #[test]
    fn pages_overlap_where_records_are_counted_and_only_those_prove_that_none_is_missed() {
        let page = json!({"size": 50, "max_size": 50});
        for (pagination, first, named, proves) in [
            (
                json!({"kind": "offset", "offset_param": "o", "limit_param": "l", "page": page}),
                Some(0),
                Position::Offset(7),
                true,
            ),
            (
                json!({"kind": "query_language", "page": page}),
                Some(1),
                Position::Start(7),
                true,
            ),
            (
                json!({"kind": "page", "page_param": "p", "page": page}),
                None,
                Position::Offset(7),
                false,
            ),
            (
                json!({"kind": "cursor", "param": "c", "token": "/next", "page": page}),
                None,
                Position::Offset(7),
                true,
            ),
            (json!({"kind": "none"}), None, Position::Offset(7), true),
        ] {
            let resource = paged(&pagination);
            let Stage::Pages { overlap, .. } = pages(&resource, true) else {
                unreachable!("the walk is page after page")
            };
            assert_eq!(overlap.as_ref().map(|overlap| overlap.offset), first);
            assert_eq!(place(&resource, 7), named, "{pagination}");
            assert_eq!(
                meets_all(&resource, overlap.as_ref()),
                proves,
                "{pagination}"
            );
            // As a run stands that began before such lists overlapped.
            assert_eq!(
                meets_all(&resource, None),
                proves && first.is_none(),
                "{pagination}"
            );
        }
    }

    #[test]
    fn an_incremental_run_without_a_watermark_reads_everything() {
        let resource = resource(&json!({"watermark": {"field": "updated", "format": "rfc3339"}}));
        let plan = |since| {
            Plan::new(&resource, "things", Mode::Incremental, None, since)
                .unwrap()
                .filter
        };
        assert_eq!(plan(None), Filter::All);
        assert_eq!(
            plan(Some(Timestamp::UNIX_EPOCH)),
            Filter::ChangedSince(Timestamp::UNIX_EPOCH)
        );
    }
}
