//! What is asked for, and how a definition writes it.

mod authorise;
mod head;
mod list;
mod shown;

pub(crate) use authorise::authorise;
pub(crate) use head::{header_value, read_headers, render_body};
pub(crate) use list::{cursor_of, list, page_size};
pub(crate) use shown::{Unwritten, shown};

use bytes::Bytes;
use crosswalk_connector::{Method, Place, RawPath, Template, query_string};
use http::HeaderMap;
use indexmap::IndexMap;
use jiff::Timestamp;
use url::Url;

use crate::error::ClientError;
use crate::page::Cursor;
use crate::values::Values;

/// What to ask of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListRequest {
    /// Where to go on; `None` begins the list, or the range.
    pub cursor: Option<Cursor>,
    /// Records a page; `None` for the definition's own number. Never more than the provider gives.
    pub limit: Option<u32>,
    /// Conditions.
    pub filters: Vec<Filter>,
    /// A range of keys. The list is then walked by key, whatever its usual paging.
    pub range: Option<KeyRange>,
    /// The newest records first.
    pub newest_first: bool,
    /// Records not handed over yet.
    pub unexported: bool,
    /// Records changed since then. The lookback is the caller's.
    pub since: Option<Timestamp>,
    /// One value of the definition's `sample_by`.
    pub sample: Option<String>,
    /// The fields to ask for; `None` asks for whole objects.
    pub selection: Option<Selection>,
}

/// A condition: the provider's name of a field, one of the definition's operators, a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The field as the provider spells it in a record.
    pub field: String,
    /// A key of the definition's `filters.operators`, such as `gt`.
    pub operator: String,
    /// The value.
    pub value: String,
}

/// Keys above `after`, up to and with `up_to`.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct KeyRange {
    /// `None`: from the first.
    pub after: Option<String>,
    /// `None`: to the last.
    pub up_to: Option<String>,
    /// Leaves out the first so many records of the range: a look ahead. Only for lists paged by offset; the records that follow are walked by key.
    #[serde(default)]
    pub skip: u64,
}

/// The fields to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Selection {
    /// Their paths.
    pub paths: Vec<RawPath>,
    /// All custom fields too.
    pub custom_fields: bool,
}

/// A request before secrets are put into it, so that what is recorded never held any.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// Which values of the address are not recorded.
    pub(crate) unwritten: Unwritten,
}

/// The address of a path below the base URL.
pub(crate) fn join(base: &Url, path: &str, params: &Params) -> Result<Url, ClientError> {
    let mut text = format!(
        "{}/{}",
        base.as_str().trim_end_matches('/'),
        path.trim_start_matches('/')
    );
    if !params.0.is_empty() {
        text.push(if text.contains('?') { '&' } else { '?' });
        text.push_str(&params.encoded());
    }
    Ok(Url::parse(&text).map_err(|_| crosswalk_connector::OriginError::NotAnAddress)?)
}

/// Query parameters; a name given again replaces the earlier one.
#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn set(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Adds another value under a name that may be there already.
    pub(crate) fn push(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// The names, decoded.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The whole, encoded.
    pub(crate) fn encoded(&self) -> String {
        query_string(
            self.0
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }

    pub(crate) fn fill(
        &mut self,
        values: &Values<'_>,
        templates: &IndexMap<String, Template>,
    ) -> Result<(), ClientError> {
        for (name, template) in templates {
            self.set(name, values.render(template, Place::Text)?);
        }
        Ok(())
    }
}
