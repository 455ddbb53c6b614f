//! Resources and their defaults.

use super::templates::{Allowed, names};
use super::{Check, under};
use crate::problem::ProblemCode;
use crate::{
    Exported, FieldSelection, ListOperation, Method, ReadOperation, Resource, SampleBy,
    SelectionStyle, Source, Template, Watermark, WriteOperation,
};

const SETTINGS: &[Source] = &[Source::Config, Source::Token];
const READ_ONE: &[Source] = &[Source::Config, Source::Token, Source::Record];
const READ_MANY: &[Source] = &[
    Source::Config,
    Source::Token,
    Source::Page,
    Source::Watermark,
    Source::Selection,
];
const WRITE: &[Source] = &[Source::Config, Source::Token, Source::Record, Source::Input];

impl Check<'_> {
    pub(super) fn resources(&mut self) {
        let connector = self.connector;
        let defaults = &connector.defaults;
        if let Some(pagination) = &defaults.pagination {
            self.pagination("/defaults/pagination", pagination);
        }
        if let Some(keyset) = &defaults.keyset {
            self.keyset("/defaults/keyset", keyset);
        }
        if let Some(watermark) = &defaults.watermark {
            self.watermark("/defaults/watermark", watermark);
        }
        if let Some(selection) = &defaults.selection {
            self.selection("/defaults/selection", selection);
        }
        if let Some(params) = &defaults.newest_first {
            self.templates(
                "/defaults/newest_first",
                params,
                Allowed::only(&[Source::Config]),
            );
        }
        for (name, resource) in &connector.resources {
            let pointer = under("/resources", name);
            let is_key = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !is_key {
                let hint = "use lower-case letters, digits and `_`; what the provider calls it stands in its path".to_owned();
                self.report(
                    &pointer,
                    ProblemCode::Malformed,
                    format!("`{name}` cannot be the name of a resource"),
                    hint,
                );
            }
            self.resource(&pointer, resource);
        }
    }

    fn resource(&mut self, pointer: &str, resource: &Resource) {
        self.known_scopes(&under(pointer, "scopes"), &resource.scopes);
        if let Some(pagination) = &resource.pagination {
            self.pagination(&under(pointer, "pagination"), pagination);
        }
        if let Some(keyset) = &resource.keyset {
            self.keyset(&under(pointer, "keyset"), keyset);
        }
        if let Some(watermark) = &resource.watermark {
            self.watermark(&under(pointer, "watermark"), watermark);
        }
        if let Some(selection) = &resource.selection {
            self.selection(&under(pointer, "selection"), selection);
        }
        if let Some(params) = &resource.newest_first {
            self.templates(
                &under(pointer, "newest_first"),
                params,
                Allowed::only(&[Source::Config]),
            );
        }
        if let Some(exported) = &resource.exported {
            self.exported(&under(pointer, "exported"), exported);
        }
        if let Some(sample_by) = &resource.sample_by {
            self.sample_by(&under(pointer, "sample_by"), sample_by);
        }
        self.operations(pointer, resource);
        let mut complete = resource.clone();
        complete.fill_defaults(&self.connector.defaults);
        self.complete(pointer, &complete);
    }

    fn operations(&mut self, pointer: &str, resource: &Resource) {
        let operations = &resource.operations;
        let pointer = under(pointer, "operations");
        if let Some(list) = &operations.list {
            self.list(&under(&pointer, "list"), list);
            if list.ids_only && operations.get.is_none() {
                self.contradiction(
                    &under(&pointer, "list"),
                    "the list holds ids only, and there is no `get`",
                    "add `get`",
                );
            }
        }
        if let Some(get) = &operations.get {
            self.get(&under(&pointer, "get"), get);
        }
        let actions = operations
            .actions
            .iter()
            .map(|(name, action)| (under(&under(&pointer, "actions"), name), action));
        let named = [
            ("create", &operations.create),
            ("update", &operations.update),
        ];
        let writes = named
            .into_iter()
            .filter_map(|(name, write)| Some((under(&pointer, name), write.as_ref()?)));
        let writes: Vec<(String, &WriteOperation)> = writes.chain(actions).collect();
        if operations.list.is_none() && operations.get.is_none() && writes.is_empty() {
            self.report(
                &pointer,
                ProblemCode::MissingKey,
                "the resource answers no call",
                "add `list` or `get`".to_owned(),
            );
        }
        for (pointer, write) in writes {
            self.write(&pointer, write);
        }
    }

    fn list(&mut self, pointer: &str, list: &ListOperation) {
        self.path(pointer, &list.path, SETTINGS);
        let many = Allowed::only(READ_MANY);
        self.templates(&under(pointer, "params"), &list.params, many);
        self.headers(
            &under(pointer, "headers"),
            &list.headers,
            Allowed::only(SETTINGS),
        );
        if let Some(body) = &list.body {
            self.body(&under(pointer, "body"), body, many);
        }
        match (list.method, &list.body) {
            (Method::Get, None) | (Method::Post, _) => {}
            (Method::Get, Some(_)) => {
                self.contradiction(pointer, "a GET has no body", "add `method: POST`");
            }
            _ => self.contradiction(
                &under(pointer, "method"),
                "a list is read with GET or POST",
                "change the method",
            ),
        }
    }

    fn get(&mut self, pointer: &str, get: &ReadOperation) {
        self.path(pointer, &get.path, READ_ONE);
        self.templates(
            &under(pointer, "params"),
            &get.params,
            Allowed::only(READ_ONE),
        );
        self.headers(
            &under(pointer, "headers"),
            &get.headers,
            Allowed::only(SETTINGS),
        );
        let anywhere = get
            .params
            .values()
            .chain([&get.path])
            .any(|template| names(template, Source::Record, "id"));
        if !anywhere {
            self.contradiction(
                pointer,
                "this reads one record and does not name `record.id`",
                "write `{{record.id}}` in the path",
            );
        }
    }

    fn write(&mut self, pointer: &str, write: &WriteOperation) {
        self.path(pointer, &write.path, WRITE);
        self.templates(
            &under(pointer, "params"),
            &write.params,
            Allowed::only(WRITE),
        );
        self.headers(
            &under(pointer, "headers"),
            &write.headers,
            Allowed::only(SETTINGS),
        );
        self.known_scopes(&under(pointer, "scopes"), &write.scopes);
        if let Some(body) = &write.body {
            self.body(&under(pointer, "body"), body, Allowed::only(WRITE));
        }
        if write.method == Method::Get {
            self.contradiction(
                &under(pointer, "method"),
                "a GET changes nothing",
                "use POST, PUT, PATCH or DELETE",
            );
        }
    }

    /// A path is appended to the base URL: it begins with `/`, stays below it and leaves the query to `params`.
    fn path(&mut self, operation: &str, path: &Template, sources: &[Source]) {
        let pointer = under(operation, "path");
        self.template(&pointer, path, Allowed::only(sources));
        let text = path.as_str();
        if !text.starts_with('/') {
            self.report(
                &pointer,
                ProblemCode::Malformed,
                format!("the path `{text}` does not begin with `/`"),
                None,
            );
        }
        if text.starts_with("//")
            || text.contains(['?', '#', '\\'])
            || text.split('/').any(|part| matches!(part, "." | ".."))
        {
            let hint =
                "put the query into `params`; a path has no `..`, no `//` at its start and no `#`"
                    .to_owned();
            self.report(
                &pointer,
                ProblemCode::Malformed,
                format!("the path `{text}` is more than a path"),
                hint,
            );
        }
    }

    fn watermark(&mut self, pointer: &str, watermark: &Watermark) {
        let allowed = Allowed::only(&[Source::Watermark, Source::Config]);
        self.templates(&under(pointer, "params"), &watermark.params, allowed);
        self.headers(&under(pointer, "headers"), &watermark.headers, allowed);
        if let Some(clause) = &watermark.clause {
            self.template(&under(pointer, "clause"), clause, allowed);
        }
        let mut all = watermark
            .params
            .values()
            .chain(watermark.headers.values())
            .chain(&watermark.clause);
        if !all.any(|template| names(template, Source::Watermark, "value")) {
            let message = "nothing here sends `watermark.value`";
            self.contradiction(
                pointer,
                message,
                "write `{{watermark.value}}` in `params`, `headers` or `clause`",
            );
        }
    }

    fn selection(&mut self, pointer: &str, selection: &FieldSelection) {
        self.templates(
            &under(pointer, "whole"),
            &selection.whole,
            Allowed::only(&[Source::Config]),
        );
        if let Some(entry) = &selection.custom_fields
            && selection.style != SelectionStyle::JsonTree
            && !entry.is_string()
        {
            let message = "the entry for custom fields is a name in this style";
            self.contradiction(
                &under(pointer, "custom_fields"),
                message,
                "write a text, or use `style: json_tree`",
            );
        }
    }

    fn exported(&mut self, pointer: &str, exported: &Exported) {
        self.templates(
            &under(pointer, "params"),
            &exported.params,
            Allowed::only(&[Source::Config]),
        );
        if exported.params.is_empty() {
            let message = "nothing asks for the records not handed over yet";
            self.contradiction(
                &under(pointer, "params"),
                message,
                "add the parameter that filters by the flag",
            );
        }
        if let Some(mark) = &exported.mark {
            let pointer = under(pointer, "mark");
            self.write(&pointer, mark);
            if !mark
                .params
                .values()
                .chain([&mark.path])
                .any(|template| names(template, Source::Record, "id"))
            {
                self.contradiction(
                    &pointer,
                    "this marks one record and does not name `record.id`",
                    "write `{{record.id}}` in the path",
                );
            }
        }
    }

    fn sample_by(&mut self, pointer: &str, sample_by: &SampleBy) {
        let allowed = Allowed::only(&[Source::Sample, Source::Config]);
        self.templates(&under(pointer, "params"), &sample_by.params, allowed);
        if !sample_by
            .params
            .values()
            .any(|template| names(template, Source::Sample, "value"))
        {
            let message = "nothing here names `sample.value`";
            self.contradiction(
                &under(pointer, "params"),
                message,
                "write `{{sample.value}}` in one of them",
            );
        }
        if sample_by.values.is_empty() {
            self.report(
                &under(pointer, "values"),
                ProblemCode::MissingKey,
                "there is no value to sample",
                None,
            );
        }
    }

    /// What shows only once the defaults are filled in.
    fn complete(&mut self, pointer: &str, resource: &Resource) {
        if let Some(list) = &resource.operations.list {
            let list_pointer = under(&under(pointer, "operations"), "list");
            self.paged_list(
                &list_pointer,
                list,
                resource.pagination.as_ref(),
                resource.keyset.as_ref(),
            );
            let templates = list.templates();
            let clause = templates
                .iter()
                .any(|template| names(template, Source::Watermark, "clause"));
            let has_clause = resource
                .watermark
                .as_ref()
                .is_some_and(|watermark| watermark.clause.is_some());
            match (clause, has_clause) {
                (true, false) => self.contradiction(
                    &list_pointer,
                    "`watermark.clause` is named, and there is none",
                    "add `watermark.clause`",
                ),
                (false, true) => {
                    self.contradiction(
                        &list_pointer,
                        "the watermark's clause is not in the query",
                        "write `{{watermark.clause}}` in it",
                    );
                }
                _ => {}
            }
            let selects = templates
                .iter()
                .any(|template| names(template, Source::Selection, "fields"));
            let by_param = resource
                .selection
                .as_ref()
                .map(|selection| selection.param.is_some());
            match (selects, by_param) {
                (true, None) => self.contradiction(
                    &list_pointer,
                    "`selection.fields` is named, and there is no `selection`",
                    "add `selection`",
                ),
                (false, Some(false)) => {
                    let message = "the selection has no `param`, and the query does not name `selection.fields`";
                    self.contradiction(&list_pointer, message, "give one of the two");
                }
                _ => {}
            }
        }
        let id = resource.id_path();
        let mut needed = vec![("the id", &id)];
        needed.extend(
            resource
                .keyset
                .iter()
                .map(|keyset| ("the keyset's field", &keyset.field)),
        );
        needed.extend(
            resource
                .watermark
                .iter()
                .map(|watermark| ("the watermark", &watermark.field)),
        );
        for path in &resource.never_store {
            for (what, field) in &needed {
                if field.steps().starts_with(path.steps()) {
                    let message = format!("`{path}` is never stored, but {what} is there");
                    self.contradiction(
                        &under(pointer, "never_store"),
                        message,
                        "mask it instead, or choose another field",
                    );
                }
            }
        }
    }
}
