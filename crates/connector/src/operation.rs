//! The calls a resource answers.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{NameCase, Pointer, Template};

/// The calls a resource answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Read many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListOperation>,
    /// Read one, `{{record.id}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<ReadOperation>,
    /// Make one. Part of the format and checked; not run yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<WriteOperation>,
    /// Change one. Part of the format and checked; run only to mark a record as exported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<WriteOperation>,
    /// Other calls about one, by name. Part of the format and checked; not run yet.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub actions: IndexMap<String, WriteOperation>,
}

/// A call's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the registered ones")]
pub enum Method {
    #[default]
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method as HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A read of many records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOperation {
    /// GET, or POST for query languages.
    #[serde(default)]
    pub method: Method,
    /// Appended to `base_url`; values filled in are percent-encoded.
    pub path: Template,
    /// Query parameters of every page. Templates are filled in first, then the whole is encoded.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
    /// Headers.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// What is sent, with POST.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// Whether the list holds ids only, so that each record is read by `get`.
    #[serde(default)]
    pub ids_only: bool,
}

impl ListOperation {
    /// Every template of its query and body.
    pub(crate) fn templates(&self) -> Vec<&Template> {
        let mut templates: Vec<&Template> = self.params.values().collect();
        if let Some(body) = &self.body {
            templates.extend(body.json.iter().flat_map(JsonTemplate::templates));
            templates.extend(body.form.iter().flat_map(IndexMap::values));
        }
        templates
    }
}

/// A read of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadOperation {
    /// Appended to `base_url`; values filled in are percent-encoded.
    pub path: Template,
    /// Query parameters.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
    /// Headers.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// Where the record is in the response.
    #[serde(default)]
    pub record: Pointer,
}

/// A call that changes something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteOperation {
    /// POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// Appended to `base_url`; values filled in are percent-encoded.
    pub path: Template,
    /// Query parameters.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
    /// Headers.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// What is sent; absent: what the caller gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The scopes it needs.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// What a call sends. Exactly one of the two is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// As JSON; texts in it are templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonTemplate>,
    /// As a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<IndexMap<String, Template>>,
}

/// JSON whose texts are templates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum JsonTemplate {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text with values to fill in.
    Text(Template),
    /// A list.
    List(Vec<JsonTemplate>),
    /// An object.
    Object(IndexMap<String, JsonTemplate>),
}

impl JsonTemplate {
    /// Every template in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => Vec::new(),
            Self::Text(template) => vec![template],
            Self::List(items) => items.iter().flat_map(Self::templates).collect(),
            Self::Object(members) => members.values().flat_map(Self::templates).collect(),
        }
    }
}

/// How filters are written as query parameters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    /// How field names are spelled.
    #[serde(default)]
    pub case: NameCase,
    /// The parameter's name for each operator the provider knows: `eq: "{{filter.field}}"`, `gt: "{{filter.field}}[gt]"`.
    #[serde(default)]
    pub operators: IndexMap<String, Template>,
}
