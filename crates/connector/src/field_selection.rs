//! How to ask for only some fields.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{RawPath, RawStep, Template};

/// How to ask for only some fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldSelection {
    /// The query parameter; absent: the query text names `{{selection.fields}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// How the fields are written.
    pub style: SelectionStyle,
    /// How nested fields are written; `json_tree` nests by itself.
    #[serde(default)]
    pub nested: NestedStyle,
    /// How names are spelled in the request.
    #[serde(default)]
    pub case: NameCase,
    /// A further entry that asks for all custom fields: `{"custom_fields": {}}` for `json_tree`, a name for the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Value>,
    /// Fields that are always asked for besides the id, the watermark and what the mapping reads.
    #[serde(default)]
    pub always: Vec<RawPath>,
    /// Parameters that ask for whole objects, when no selection is sent.
    #[serde(default)]
    pub whole: IndexMap<String, Template>,
}

/// How a selection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SelectionStyle {
    /// A JSON array: `["id",{"lines":["number"]}]`; lists and objects nest alike.
    JsonTree,
    /// `id,number`.
    Comma,
    /// The parameter once for each: `fields=id&fields=number`.
    Repeat,
    /// The parameter with brackets once for each: `fields[]=id&fields[]=number`.
    Brackets,
}

/// How nested fields are written in a flat selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NestedStyle {
    /// Not at all: the root key is asked for whole.
    #[default]
    Root,
    /// `supplier.number`.
    Dotted,
}

/// How names are spelled in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameCase {
    /// As in a record.
    #[default]
    AsIs,
    /// Hyphens become underscores.
    Underscore,
    /// Underscores become hyphens.
    Hyphen,
}

impl NameCase {
    /// `name` as a request spells it.
    pub fn apply(self, name: &str) -> String {
        match self {
            Self::AsIs => name.to_owned(),
            Self::Underscore => name.replace('-', "_"),
            Self::Hyphen => name.replace('_', "-"),
        }
    }
}

impl FieldSelection {
    /// The query parameters that ask for `paths`, each once, in order, with `always` after them and all custom fields if `custom_fields`. Without
    /// a `param` there are none: the query text names [`FieldSelection::fields`].
    pub fn params(&self, paths: &[RawPath], custom_fields: bool) -> Vec<(String, String)> {
        let Some(param) = &self.param else {
            return Vec::new();
        };
        match self.style {
            SelectionStyle::JsonTree | SelectionStyle::Comma => {
                vec![(param.clone(), self.fields(paths, custom_fields))]
            }
            SelectionStyle::Repeat | SelectionStyle::Brackets => {
                let suffix = if self.style == SelectionStyle::Brackets {
                    "[]"
                } else {
                    ""
                };
                let names = self.names(paths, custom_fields);
                names
                    .into_iter()
                    .map(|name| (format!("{param}{suffix}"), name))
                    .collect()
            }
        }
    }

    /// The selection as one text: `{{selection.fields}}`. Styles that repeat a parameter give names joined by commas here.
    pub fn fields(&self, paths: &[RawPath], custom_fields: bool) -> String {
        match self.style {
            SelectionStyle::JsonTree => {
                let mut tree = Tree::default();
                for path in paths.iter().chain(&self.always) {
                    tree.add(path.steps(), self.case);
                }
                let entry = self.custom_fields.as_ref();
                let mut list = tree.into_json(entry);
                if custom_fields && let Some(entry) = entry.filter(|entry| !list.contains(entry)) {
                    list.push(entry.clone());
                }
                Value::Array(list).to_string()
            }
            _ => self.names(paths, custom_fields).join(","),
        }
    }

    fn names(&self, paths: &[RawPath], custom_fields: bool) -> Vec<String> {
        let spelled = paths
            .iter()
            .chain(&self.always)
            .map(|path| match self.nested {
                NestedStyle::Root => self.case.apply(path.root()),
                NestedStyle::Dotted => {
                    let keys = path.steps().iter().filter_map(|step| match step {
                        RawStep::Key(key) => Some(self.case.apply(key)),
                        RawStep::Each => None,
                    });
                    keys.collect::<Vec<_>>().join(".")
                }
            });
        let custom = self
            .custom_fields
            .iter()
            .filter(|_| custom_fields)
            .filter_map(Value::as_str);
        let mut names: Vec<String> = Vec::new();
        for name in spelled.chain(custom.map(str::to_owned)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// Names with the names below them. One that is asked for whole has nothing below it, whatever else is asked for inside.
#[derive(Default)]
struct Tree {
    below: IndexMap<String, Tree>,
    whole: bool,
}

impl Tree {
    fn add(&mut self, steps: &[RawStep], case: NameCase) {
        let mut keys = steps.iter().filter_map(|step| match step {
            RawStep::Key(key) => Some(key),
            RawStep::Each => None,
        });
        let mut tree = self;
        for key in &mut keys {
            tree = tree.below.entry(case.apply(key)).or_default();
        }
        tree.whole = true;
    }

    /// `["id",{"lines":["number"]}]`; a key asked for whole is `"lines"`, and a container of custom fields, at the root or inside a list, is the
    /// entry that asks for all of them.
    fn into_json(self, custom: Option<&Value>) -> Vec<Value> {
        let entry = |(name, tree): (String, Tree)| {
            if tree.whole || tree.below.is_empty() {
                custom
                    .filter(|custom| custom.get(&name).is_some())
                    .cloned()
                    .unwrap_or(Value::String(name))
            } else {
                let mut nested = serde_json::Map::new();
                nested.insert(name, Value::Array(tree.into_json(custom)));
                Value::Object(nested)
            }
        };
        self.below.into_iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn paths(texts: &[&str]) -> Vec<RawPath> {
        texts
            .iter()
            .map(|text| RawPath::parse(text).unwrap())
            .collect()
    }

    fn selection(yaml: &str) -> FieldSelection {
        serde_saphyr::from_str(yaml).unwrap()
    }

    #[test]
    fn a_tree_nests_lists_and_objects_alike() {
        let tree = selection(
            "{param: fields, style: json_tree, case: underscore, custom_fields: {custom_fields: {}}, always: [type]}",
        );
        let asked = paths(&[
            "id",
            "invoice-lines[].line-num",
            "invoice-lines[].account.code",
            "supplier.name",
            "id",
        ]);
        let text = r#"["id",{"invoice_lines":["line_num",{"account":["code"]}]},{"supplier":["name"]},"type",{"custom_fields":{}}]"#;
        assert_eq!(
            tree.params(&asked, true),
            [("fields".to_owned(), text.to_owned())]
        );
    }

    #[test]
    fn custom_fields_are_asked_for_as_the_provider_wants_it_wherever_they_are() {
        let tree = selection(
            "{param: fields, style: json_tree, case: underscore, custom_fields: {custom_fields: {}}}",
        );
        let asked = paths(&["id", "custom-fields", "lines[].custom-fields", "lines[].id"]);
        let text = r#"["id",{"custom_fields":{}},{"lines":[{"custom_fields":{}},"id"]}]"#;
        assert_eq!(tree.fields(&asked, true), text);
        assert_eq!(tree.fields(&asked, false), text);
    }

    #[test]
    fn what_is_asked_for_whole_stays_whole() {
        let tree = selection("{param: fields, style: json_tree}");
        for asked in [
            &["supplier", "supplier.name"],
            &["supplier.name", "supplier"],
        ] {
            assert_eq!(tree.fields(&paths(asked), false), r#"["supplier"]"#);
        }
    }

    #[test]
    fn flat_styles() {
        let asked = paths(&["id", "supplier.name", "supplier.number"]);
        let cases = [
            ("{param: f, style: comma}", vec![("f", "id,supplier")]),
            (
                "{param: f, style: comma, nested: dotted}",
                vec![("f", "id,supplier.name,supplier.number")],
            ),
            (
                "{param: f, style: repeat}",
                vec![("f", "id"), ("f", "supplier")],
            ),
            (
                "{param: f, style: brackets, custom_fields: custom}",
                vec![("f[]", "id"), ("f[]", "supplier"), ("f[]", "custom")],
            ),
            ("{style: comma}", vec![]),
        ];
        for (yaml, due) in cases {
            let got = selection(yaml).params(&asked, true);
            let got: Vec<(&str, &str)> = got
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert_eq!(got, due, "{yaml}");
        }
        assert_eq!(
            selection("{style: comma}").fields(&asked, false),
            "id,supplier"
        );
    }
}
