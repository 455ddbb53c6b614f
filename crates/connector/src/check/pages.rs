//! Paging, and walking by key.

use super::templates::{Allowed, names};
use super::{Check, under};
use crate::problem::ProblemCode;
use crate::{Keyset, ListOperation, Pagination, Source, StopRule};

impl Check<'_> {
    /// A paging rule by itself.
    pub(super) fn pagination(&mut self, pointer: &str, pagination: &Pagination) {
        let Some(page) = pagination.page() else {
            return;
        };
        if page.size > page.max_size {
            let message = format!(
                "the page size {} is above the ceiling {}",
                page.size, page.max_size
            );
            self.contradiction(
                &format!("{pointer}/page/size"),
                message,
                "lower `size`, or raise `max_size`",
            );
        }
        let has_token = matches!(
            pagination,
            Pagination::Cursor(_) | Pagination::NextUrl(_) | Pagination::LinkHeader(_)
        );
        let Some(stop) = &page.stop else { return };
        let pointer = format!("{pointer}/page/stop");
        if stop.is_empty() {
            self.report(
                &pointer,
                ProblemCode::MissingKey,
                "nothing would end the list",
                "leave `stop` out for the kind's own rules".to_owned(),
            );
        }
        for (index, rule) in stop.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            match rule {
                StopRule::MissingToken if !has_token => {
                    self.contradiction(
                        &pointer,
                        "this kind of paging has no token to miss",
                        "use `short_page` or `empty_page`",
                    );
                }
                StopRule::Flag if pagination.more().is_none() => {
                    self.contradiction(
                        &pointer,
                        "there is no flag to stop at",
                        "say where it is with `more`",
                    );
                }
                _ => {}
            }
        }
    }

    /// A keyset by itself.
    pub(super) fn keyset(&mut self, pointer: &str, keyset: &Keyset) {
        let range = Allowed::only(&[Source::Range, Source::Config]);
        self.templates(&under(pointer, "after"), &keyset.after, range);
        self.templates(&under(pointer, "up_to"), &keyset.up_to, range);
        self.templates(
            &under(pointer, "order"),
            &keyset.order,
            Allowed::only(&[Source::Config]),
        );
        if !keyset
            .after
            .values()
            .any(|template| names(template, Source::Range, "after"))
        {
            let message = "nothing here names `range.after`";
            self.contradiction(
                &under(pointer, "after"),
                message,
                "write `\"id[gt]\": \"{{range.after}}\"` with the provider's parameter",
            );
        }
        if !keyset.up_to.is_empty()
            && !keyset
                .up_to
                .values()
                .any(|template| names(template, Source::Range, "up_to"))
        {
            let message = "nothing here names `range.up_to`";
            self.contradiction(
                &under(pointer, "up_to"),
                message,
                "write `\"id[lt_or_eq]\": \"{{range.up_to}}\"` with the provider's parameter",
            );
        }
    }

    /// A list with the paging in force.
    pub(super) fn paged_list(
        &mut self,
        pointer: &str,
        list: &ListOperation,
        pagination: Option<&Pagination>,
        keyset: Option<&Keyset>,
    ) {
        let templates = list.templates();
        let named = templates
            .iter()
            .any(|template| names(template, Source::Page, "start"));
        match pagination {
            None => {
                let hint = "say how it is paged here or in `defaults`; `pagination: {kind: none}` for a list without pages".to_owned();
                self.report(
                    pointer,
                    ProblemCode::MissingKey,
                    "`pagination` is missing for this list",
                    hint,
                );
            }
            Some(Pagination::Keyset(_)) if keyset.is_none() => {
                self.contradiction(
                    pointer,
                    "the list is paged by key, and there is no `keyset`",
                    "add `keyset`",
                );
            }
            Some(Pagination::QueryLanguage(_)) if !named => {
                let message = "the list is paged by its query, which does not name `page.start`";
                self.contradiction(
                    pointer,
                    message,
                    "write `{{page.start}}` in `params` or `body`",
                );
            }
            _ => {}
        }
        let uses_page = templates.iter().any(|template| {
            template
                .references()
                .any(|reference| reference.source == Source::Page)
        });
        if uses_page && pagination.is_some_and(|kind| !matches!(kind, Pagination::QueryLanguage(_)))
        {
            self.contradiction(
                pointer,
                "`page.…` has a value only with `kind: query_language`",
                "use that kind, or remove it",
            );
        }
    }
}
